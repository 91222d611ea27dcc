namespace Clew.Storage.Buckets;

/// <summary>What a failure of a bucket means for the one who asked.</summary>
public enum BucketFailure
{
    /// <summary>It passes by itself: no connection, no answer in time, too busy. Nothing is lost; the same call may succeed later.</summary>
    Unavailable,

    /// <summary>It lasts until somebody changes a setting, a permission or a name.</summary>
    Refused,

    /// <summary>The object is not there.</summary>
    Missing,
}
