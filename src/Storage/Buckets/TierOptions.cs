using System.Runtime.CompilerServices;

namespace Clew.Storage.Buckets;

/// <summary>Where the blocks of a level live: a directory, a bucket, or, when neither is given, the data folder like all others.</summary>
public sealed record TierOptions
{
    /// <summary>An existing folder, such as a mounted disk. Empty: none.</summary>
    public string Directory { get; init; } = "";

    public S3Options S3 { get; init; } = new();

    /// <summary>Whether blocks leave the data folder.</summary>
    public bool IsGiven => Directory.Length > 0 || S3.Bucket.Length > 0;

    internal IEnumerable<string> Problems(string key)
    {
        if (Directory.Length > 0 && S3.Bucket.Length > 0)
            yield return $"{key}.directory is '{Directory}', and {key}.s3.bucket is '{S3.Bucket}'; leave one of them out.";
        foreach (var problem in S3.Problems(key + ".s3"))
            yield return problem;
    }

    /// <param name="setting">The key of these options, for advice: <c>storage.warm</c>.</param>
    internal IBucket? ToBucket(string setting, TimeProvider time)
    {
        if (Directory.Length > 0)
            return new DirectoryBucket(Path.GetFullPath(Directory), setting);
        return S3.Bucket.Length > 0 ? NewS3Bucket(setting, time) : null;
    }

    // Not inlined, so that whoever has no S3 bucket does not load the client's assemblies.
    [MethodImpl(MethodImplOptions.NoInlining)]
    S3Bucket NewS3Bucket(string setting, TimeProvider time) => new(S3, setting + ".s3", new S3Timing(), time);
}
