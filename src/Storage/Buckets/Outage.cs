namespace Clew.Storage.Buckets;

/// <summary>Remembers that a bucket does not answer, so that a query that needs hundreds of its pages waits for one of them only.</summary>
internal sealed class Outage(TimeProvider time)
{
    static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(5);

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

    public void Begin(BucketException failure)
    {
        lock (_lock)
        {
            _failure = failure;
            _probed = time.GetTimestamp();
        }
    }

    public void End()
    {
        lock (_lock)
            _failure = null;
    }
}
