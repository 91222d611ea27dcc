using System.Buffers;

namespace Clew.Storage.Buckets;

/// <summary>A bucket of AWS S3, or of a server that speaks its protocol.</summary>
public sealed record S3Options
{
    static readonly SearchValues<char> NameLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-_");

    /// <summary>Name of the bucket, which must exist. Empty: there is none.</summary>
    public string Bucket { get; init; } = "";

    /// <summary>Where the server is, such as <c>https://minio.example:9000</c>. Empty: AWS.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>Region, such as <c>eu-central-1</c>. Empty: what AWS's own settings say (<c>AWS_REGION</c>, profile), or <c>us-east-1</c> where an endpoint is given.</summary>
    public string Region { get; init; } = "";

    /// <summary>What all keys begin with, such as <c>tracing/clew</c>.</summary>
    public string Prefix { get; init; } = "";

    public S3Addressing Addressing { get; init; } = S3Addressing.Auto;

    /// <summary>Empty: AWS's own chain (environment, profile, web identity, role of the container or the machine). Never logged.</summary>
    public string AccessKeyId { get; init; } = "";

    /// <summary>Belongs to <see cref="AccessKeyId"/>. Never shown.</summary>
    public Secret SecretAccessKey { get; init; }

    bool IsAnythingButBucketGiven =>
        Endpoint.Length + Region.Length + Prefix.Length + AccessKeyId.Length > 0 || Addressing != S3Addressing.Auto || !SecretAccessKey.IsEmpty;

    internal IEnumerable<string> Problems(string key)
    {
        if (Bucket.Length == 0 && IsAnythingButBucketGiven)
            yield return $"{key}.bucket is empty, and other keys of {key} are not; name the bucket, or leave all of them out.";
        if (Bucket.Length is > 0 and (< 3 or > 63) || Bucket.AsSpan().ContainsAnyExcept(NameLetters))
            yield return $"{key}.bucket is '{Bucket}'; expected the name of a bucket: 3 to 63 of a-z, 0-9, '.', '-'.";
        // Not shown, now or in any other message.
        if (Endpoint.Contains('@', StringComparison.Ordinal))
            yield return $"{key}.endpoint has a user or a password before an @; expected a URL without, such as https://minio.example:9000: give them as {key}.access_key_id and {key}.secret_access_key.";
        else if (Endpoint.Length > 0 && (!Uri.TryCreate(Endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery is not "/"))
            yield return $"{key}.endpoint is '{Endpoint}'; expected a URL without a path, such as https://minio.example:9000.";
        if (AccessKeyId.Length > 0 && SecretAccessKey.IsEmpty)
            yield return $"{key}.secret_access_key is empty, and {key}.access_key_id is given; give both, or neither to use AWS's own chain.";
        if (AccessKeyId.Length == 0 && !SecretAccessKey.IsEmpty)
            yield return $"{key}.access_key_id is empty, and {key}.secret_access_key is given; give both, or neither to use AWS's own chain.";
        if (Prefix.StartsWith('/') || Prefix.EndsWith('/') || Prefix.Contains("//", StringComparison.Ordinal))
            yield return $"{key}.prefix is '{Prefix}'; expected parts with one / between them and none around, such as tracing/clew.";
    }
}
