namespace Clew.Collector;

/// <summary>How many requests, and how many bytes of them, may be in memory at one time.</summary>
/// <remarks>Room is taken before it is used: a request is refused while it is small, not when the heap has grown.</remarks>
public sealed class IngestBudget(long bytesMax, int requestsMax)
{
    long _bytes;
    int _requests;

    public long Bytes => Volatile.Read(ref _bytes);

    public long BytesMax => bytesMax;

    public int Requests => Volatile.Read(ref _requests);

    public int RequestsMax => requestsMax;

    /// <summary>Admits one more request.</summary>
    /// <returns>Its room, to be disposed when it was answered; null when there are as many as allowed.</returns>
    public IngestRoom? TryEnter()
    {
        if (Interlocked.Increment(ref _requests) <= requestsMax)
            return new IngestRoom(this);
        Interlocked.Decrement(ref _requests);
        return null;
    }

    /// <summary>Whether that many bytes would fit at this moment.</summary>
    public bool HasRoomFor(long bytes) => bytes <= bytesMax - Bytes;

    internal bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= bytesMax)
            return true;
        Interlocked.Add(ref _bytes, -bytes);
        return false;
    }

    internal void Give(long bytes) => Interlocked.Add(ref _bytes, -bytes);

    internal void Leave(long bytes)
    {
        Interlocked.Add(ref _bytes, -bytes);
        Interlocked.Decrement(ref _requests);
    }
}
