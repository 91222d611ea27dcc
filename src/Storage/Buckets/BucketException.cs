namespace Clew.Storage.Buckets;

/// <summary>A bucket did not do what was asked of it.</summary>
/// <param name="name">The bucket, and the object in it.</param>
/// <param name="verb">What could not be done to it: "read", "written".</param>
/// <param name="advice">What to do about it, as a sentence.</param>
public sealed class BucketException(string name, string verb, BucketFailure failure, string reason, string advice, Exception? cause = null)
    : IOException($"{name} could not be {verb}: {reason.TrimEnd('.')}. {advice}", cause)
{
    public BucketFailure Failure { get; } = failure;
}
