namespace Clew.Model;

/// <summary>The memory of one query: what it may have by itself, out of what all may have together; disposing gives it back. Many threads take at once.</summary>
/// <param name="bytesMax">What it may have by itself.</param>
/// <param name="memory">What all queries have together; null for as much as each likes.</param>
public sealed class QueryRoom(long bytesMax, QueryMemory? memory = null) : IDisposable
{
    /// <summary>What is taken from the memory of all at once, so that most queries ask for it once or never.</summary>
    public const int StepBytes = 256 << 10;

    // More than all together is never there, however long a query waits for others.
    readonly long _bytesMax = Math.Min(bytesMax, memory?.BytesMax ?? long.MaxValue);
    readonly Lock _stepping = new();
    long _bytes;
    long _reservedBytes;
    bool _isLeft;

    /// <summary>What this query may have, at best.</summary>
    public long BytesMax => _bytesMax;

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Whether others have left none of it.</summary>
    public bool IsShut => memory is not null && Bytes > 0 && Volatile.Read(ref _reservedBytes) == 0;

    /// <summary>Takes memory that is in use already, or is going to be whatever the answer.</summary>
    /// <returns>The bound that it exceeds; <see cref="ReadLimit.None"/> when there is room.</returns>
    public ReadLimit Take(long bytes)
    {
        var taken = Interlocked.Add(ref _bytes, bytes);
        return taken > _bytesMax ? ReadLimit.Memory : HasReserved(taken) ? ReadLimit.None : ReadLimit.TotalMemory;
    }

    /// <summary>Takes memory if there is room for it, and nothing otherwise.</summary>
    /// <returns>As <see cref="Take"/>.</returns>
    public ReadLimit TryTake(long bytes)
    {
        for (var taken = Bytes; bytes <= _bytesMax - taken;)
        {
            var seen = Interlocked.CompareExchange(ref _bytes, taken + bytes, taken);
            if (seen != taken)
            {
                taken = seen;
                continue;
            }

            if (HasReserved(taken + bytes))
                return ReadLimit.None;
            Give(bytes);
            return ReadLimit.TotalMemory;
        }

        return ReadLimit.Memory;
    }

    /// <summary>Gives back what is no longer needed, to this query; others have it when it ends.</summary>
    public void Give(long bytes) => Interlocked.Add(ref _bytes, -bytes);

    /// <summary>Gives everything back. What is taken later is not there for this query any more.</summary>
    public void Dispose()
    {
        lock (_stepping)
        {
            _isLeft = true;
            memory?.Give(_reservedBytes);
            _reservedBytes = 0;
        }
    }

    bool HasReserved(long bytes)
    {
        if (memory is null || bytes <= Volatile.Read(ref _reservedBytes))
            return true;
        lock (_stepping)
        {
            var missing = bytes - _reservedBytes;
            if (missing <= 0)
                return true;
            var step = Math.Min((missing + StepBytes - 1) / StepBytes * StepBytes, _bytesMax - _reservedBytes);
            // Near the end, what is missing is all that there may be.
            if (_isLeft || (!memory.TryTake(step) && !memory.TryTake(step = missing)))
                return false;
            Volatile.Write(ref _reservedBytes, _reservedBytes + step);
            return true;
        }
    }
}
