namespace Clew.Storage.Buckets;

/// <summary>Remembers that a bucket does not answer, so that a query that needs hundreds of its pages waits for one of them only.</summary>
internal sealed class Outage(TimeProvider time)
{
    static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(5), RecentInterval = TimeSpan.FromMinutes(1);

    readonly Lock _lock = new();
    BucketException? _failure;
    long _probed;

    /// <summary>The last failure, while it lasts; empty when there is none.</summary>
    public string Text
    {
        get
        {
            lock (_lock)
                return _failure?.Message ?? "";
        }
    }

    /// <summary>The bucket failed within the last minute, and has not answered since.</summary>
    public bool IsRecent
    {
        get
        {
            lock (_lock)
                return _failure is not null && time.GetElapsedTime(_probed) < RecentInterval;
        }
    }

    /// <summary>Lets one caller through from time to time to see whether it is over, and fails the others at once.</summary>
    /// <exception cref="BucketException">It is not known to be over.</exception>
    public void ThrowIfLasting(string name)
    {
        lock (_lock)
        {
            if (_failure is null)
                return;
            if (time.GetElapsedTime(_probed) < ProbeInterval)
                throw new BucketException(name, "read", _failure.Failure, "the bucket did not answer a moment ago: " + _failure.Message, "It is tried again by itself.", _failure);
            _probed = time.GetTimestamp();
        }
    }

    /// <returns>Whether it was not known before.</returns>
    public bool Begin(BucketException failure)
    {
        lock (_lock)
        {
            var isNew = _failure is null;
            _failure = failure;
            _probed = time.GetTimestamp();
            return isNew;
        }
    }

    /// <returns>Whether it lasted until now.</returns>
    public bool End()
    {
        lock (_lock)
        {
            var wasLasting = _failure is not null;
            _failure = null;
            return wasLasting;
        }
    }
}
