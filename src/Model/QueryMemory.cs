namespace Clew.Model;

/// <summary>Memory that all queries at work may have together, as they estimate it.</summary>
/// <remarks>Each takes it through a <see cref="QueryRoom"/> of its own, in steps, before it is full: a query is ended while there is memory, not when there is none.</remarks>
public sealed class QueryMemory(long bytesMax)
{
    long _bytes;

    /// <summary>What queries have taken at this moment.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public long BytesMax => bytesMax;

    internal bool TryTake(long bytes)
    {
        // What does not fit must not be there for a moment either: others would be refused for it.
        for (var taken = Bytes; bytes <= bytesMax - taken;)
        {
            var seen = Interlocked.CompareExchange(ref _bytes, taken + bytes, taken);
            if (seen == taken)
                return true;
            taken = seen;
        }

        return false;
    }

    internal void Give(long bytes) => Interlocked.Add(ref _bytes, -bytes);
}
