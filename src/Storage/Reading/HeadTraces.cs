using System.Numerics;
using Clew.Model;
using Clew.Storage.Columns;
using Clew.Storage.Head;

namespace Clew.Storage.Reading;

/// <summary>Where the spans of each trace are in the head. Any number of threads look.</summary>
/// <remarks>A table of hashes with the latest row of each trace, and for each row the one before it of the same trace: twelve bytes a span, and no object.</remarks>
internal sealed class HeadTraces
{
    readonly HeadBatch[] _batches;

    // Per batch, how many rows come before its own.
    readonly int[] _firstRows;
    readonly int[] _previous;
    readonly int[] _slots;

    public HeadTraces(IReadOnlyList<HeadBatch> batches)
    {
        _batches = [.. batches];
        _firstRows = new int[_batches.Length];
        var count = 0;
        for (var at = 0; at < _batches.Length; at++)
            (_firstRows[at], count) = (count, checked(count + _batches[at].Batch.SpanCount));
        _previous = new int[count];
        _slots = new int[count == 0 ? 0 : BitOperations.RoundUpToPowerOf2((uint)count * 2)];
        for (var at = 0; at < _batches.Length; at++)
            Add(_batches[at].Batch.Spans.TraceIds.Values, _firstRows[at]);
    }

    public bool Has(TraceId id, ulong hash) => FindSlot(id, hash) is >= 0 and var slot && _slots[slot] > 0;

    /// <summary>The spans of a trace, in the order in which they arrived.</summary>
    public IEnumerable<(SpanBatch Batch, int Row)> Find(TraceId id)
    {
        var rows = new Stack<int>();
        if (FindSlot(id, StableHash.Of(id)) is >= 0 and var slot)
        {
            for (var row = _slots[slot]; row > 0; row = _previous[row - 1])
                rows.Push(row - 1);
        }

        return rows.Select(Locate);
    }

    void Add(ReadOnlySpan<TraceId> ids, int firstRow)
    {
        for (var row = 0; row < ids.Length; row++)
        {
            ref var latest = ref _slots[FindSlot(ids[row], StableHash.Of(ids[row]))];
            _previous[firstRow + row] = latest;
            latest = firstRow + row + 1;
        }
    }

    // That of the trace, or the empty one where it would be; -1 when there is no head.
    int FindSlot(TraceId id, ulong hash)
    {
        if (_slots.Length == 0)
            return -1;
        var mask = _slots.Length - 1;
        var slot = (int)hash & mask;
        while (_slots[slot] > 0 && IdOf(_slots[slot] - 1) != id)
            slot = (slot + 1) & mask;
        return slot;
    }

    TraceId IdOf(int row)
    {
        var (batch, at) = Locate(row);
        return batch.Spans.TraceIds[at];
    }

    (SpanBatch Batch, int Row) Locate(int row)
    {
        var at = Array.BinarySearch(_firstRows, row);
        if (at < 0)
            at = ~at - 1;
        // Batches without spans begin where the next one does.
        while (at + 1 < _firstRows.Length && _firstRows[at + 1] <= row)
            at++;
        return (_batches[at].Batch, row - _firstRows[at]);
    }
}
