namespace Clew.Model;

/// <summary>Counts what a query reads, and says when it has read its share. Many threads count at once.</summary>
/// <remarks>A store asks <see cref="IsSpent"/> between row groups. Of a query whose share is spent it answers with what it has: the answer is in part, and <see cref="Spent"/> says why.</remarks>
public sealed class ReadMeter
{
    readonly TimeProvider _time;
    readonly long _deadline;
    readonly long _bytesMax;
    readonly QueryRoom _room;
    readonly CancellationToken _cancellation;
    long _blockCount, _prunedBlockCount, _groupCount, _prunedGroupCount, _rowCount, _foundRowCount, _bytes, _leftTraceCount;
    int _spent;
    int _leftOut;

    /// <param name="bytesMax">Bytes, as they are stored, that may be read.</param>
    /// <param name="within">How long reading may take; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <param name="room">The query's memory; null for as much as it takes.</param>
    public ReadMeter(long bytesMax, TimeSpan within, TimeProvider time, QueryRoom? room = null, CancellationToken cancellation = default)
    {
        (_time, _bytesMax, _room, _cancellation) = (time, bytesMax, room ?? new QueryRoom(long.MaxValue), cancellation);
        _deadline = within == Timeout.InfiniteTimeSpan ? long.MaxValue : time.GetTimestamp() + (long)(within.TotalSeconds * time.TimestampFrequency);
    }

    /// <summary>A meter that only counts.</summary>
    public static ReadMeter Unlimited() => new(long.MaxValue, Timeout.InfiniteTimeSpan, TimeProvider.System);

    /// <summary>Blocks, and batches of the head, that were looked into.</summary>
    public long BlockCount => Interlocked.Read(ref _blockCount);

    /// <summary>Blocks, and batches of the head, of which it was known without reading rows that they have nothing that is asked for.</summary>
    public long PrunedBlockCount => Interlocked.Read(ref _prunedBlockCount);

    public long GroupCount => Interlocked.Read(ref _groupCount);

    /// <summary>Row groups, of the blocks looked into, of which the same was known.</summary>
    public long PrunedGroupCount => Interlocked.Read(ref _prunedGroupCount);

    /// <summary>Spans of the row groups and batches that were read.</summary>
    public long RowCount => Interlocked.Read(ref _rowCount);

    /// <summary>Those of them that met what the store was asked for.</summary>
    public long FoundRowCount => Interlocked.Read(ref _foundRowCount);

    /// <summary>Bytes of row groups that were read, as they are stored: compressed.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Of traces that were looked up together, those that were left out because there is no memory for them beside the others.</summary>
    public long LeftTraceCount => Interlocked.Read(ref _leftTraceCount);

    /// <summary>The bound that one of the traces exceeds by itself, so that it was left out and the others were read; null while there is none.</summary>
    public ReadLimit? LeftOut => Volatile.Read(ref _leftOut) is var limit and > 0 ? (ReadLimit)limit : null;

    /// <summary>Why an answer lacks something: reading ended early, or a trace was left out; null for one that is whole.</summary>
    public ReadLimit? CutBy => Spent ?? LeftOut;

    /// <summary>Memory that was taken. Who has the answer disposes it.</summary>
    public QueryRoom Room => _room;

    /// <summary>Why reading ended early; null while it did not.</summary>
    public ReadLimit? Spent => Volatile.Read(ref _spent) is var limit and > 0 ? (ReadLimit)limit : null;

    /// <summary>Whether the query has to do with what it has.</summary>
    public bool IsSpent
    {
        get
        {
            if (Volatile.Read(ref _spent) == 0 && _deadline != long.MaxValue && _time.GetTimestamp() >= _deadline)
                Spend(ReadLimit.Time);
            return Volatile.Read(ref _spent) != 0;
        }
    }

    /// <summary>Asked where one step may take long: whether the query has to end at once. Looks at the clock.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits for the answer any more.</exception>
    public bool MustStop()
    {
        _cancellation.ThrowIfCancellationRequested();
        return IsSpent;
    }

    public void CountBlock(bool isPruned) => Interlocked.Increment(ref isPruned ? ref _prunedBlockCount : ref _blockCount);

    public void CountPrunedGroups(int count) => Interlocked.Add(ref _prunedGroupCount, count);

    public void CountGroup(int rows, int foundRows)
    {
        Interlocked.Increment(ref _groupCount);
        CountRows(rows, foundRows);
    }

    public void CountRows(int rows, int foundRows)
    {
        Interlocked.Add(ref _rowCount, rows);
        Interlocked.Add(ref _foundRowCount, foundRows);
    }

    public void CountBytes(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) > _bytesMax)
            Spend(ReadLimit.Bytes);
    }

    public void CountLeftTraces(int count) => Interlocked.Add(ref _leftTraceCount, count);

    /// <summary>Counts memory that is kept. It may be had even when this says no, but nothing after it.</summary>
    public bool TakeMemory(long bytes)
    {
        var limit = _room.Take(bytes);
        if (limit == ReadLimit.None)
            return true;
        Spend(limit);
        return false;
    }

    /// <summary>
    /// Tells of a trace that there is no room for even by itself. When it is the trace that is too large, the query goes on without it; when the query has most of its room
    /// already, or others have theirs, it ends.
    /// </summary>
    /// <param name="otherBytes">What is in the room beside the trace.</param>
    public void LeaveOut(ReadLimit limit, long otherBytes)
    {
        if (limit == ReadLimit.TotalMemory || otherBytes > _room.BytesMax / 2)
            Spend(limit);
        else
            Interlocked.CompareExchange(ref _leftOut, (int)limit, 0);
    }

    /// <summary>Ends reading for a reason of the reader's own.</summary>
    public void Spend(ReadLimit limit) => Interlocked.CompareExchange(ref _spent, (int)limit, 0);
}
