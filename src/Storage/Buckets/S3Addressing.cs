namespace Clew.Storage.Buckets;

/// <summary>Where the name of an S3 bucket stands in a request.</summary>
public enum S3Addressing
{
    /// <summary><see cref="Path"/> where an endpoint is given, else <see cref="Host"/>.</summary>
    Auto,

    /// <summary>In the path, as most servers other than AWS want it: <c>https://endpoint/bucket/key</c>.</summary>
    Path,

    /// <summary>In the host, as AWS wants it: <c>https://bucket.endpoint/key</c>.</summary>
    Host,
}
