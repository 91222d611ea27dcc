using System.Runtime.InteropServices;
using Clew.Model;

namespace Clew.Storage.Head;

/// <summary>Finds the rows of some traces by looking at all ids of a batch, at the speed of memory.</summary>
internal sealed class TraceScan
{
    /// <summary>For so many traces a pass each, which the vector unit makes, is faster than one pass for all.</summary>
    const int SinglePassesMax = 3;

    const int MaskBits = 4_096;

    readonly Dictionary<TraceId, int> _numbers = [];
    readonly TraceId[] _ids;

    // A bit for the lowest bits of each id: what is not in there needs no look at the dictionary.
    readonly ulong[] _mask = new ulong[MaskBits / 64];

    /// <param name="ids">Each once.</param>
    public TraceScan(IReadOnlyList<TraceId> ids)
    {
        _ids = [.. ids];
        for (var number = 0; number < _ids.Length; number++)
        {
            _numbers.Add(_ids[number], number);
            var low = _ids[number].Low;
            _mask[low % MaskBits / 64] |= 1UL << (int)(low % 64);
        }
    }

    /// <param name="rows">The trace ids of a batch.</param>
    /// <param name="found">Told of each row that belongs to one of the traces: the trace's place among the ids, and the row; in order of rows for each trace.</param>
    public void Find(ReadOnlySpan<TraceId> rows, Action<int, int> found)
    {
        if (_ids.Length > SinglePassesMax)
        {
            FindAll(rows, found);
            return;
        }

        for (var number = 0; number < _ids.Length; number++)
        {
            for (var row = Find(rows, _ids[number], 0); row >= 0; row = Find(rows, _ids[number], row + 1))
                found(number, row);
        }
    }

    /// <summary>The first row at or after <paramref name="from"/> that belongs to the trace; -1 when there is none.</summary>
    public static int Find(ReadOnlySpan<TraceId> ids, TraceId id, int from)
    {
        // Halves are compared wherever they stand: a low half that looks like the high one is sorted out below.
        var halves = MemoryMarshal.Cast<TraceId, ulong>(ids);
        var at = from * 2;
        while (halves[at..].IndexOf(id.High) is var step && step >= 0)
        {
            at += step;
            if ((at & 1) == 0 && halves[at + 1] == id.Low)
                return at >> 1;
            at++;
        }

        return -1;
    }

    void FindAll(ReadOnlySpan<TraceId> rows, Action<int, int> found)
    {
        for (var row = 0; row < rows.Length; row++)
        {
            var low = rows[row].Low;
            if ((_mask[low % MaskBits / 64] >> (int)(low % 64) & 1) != 0 && _numbers.TryGetValue(rows[row], out var number))
                found(number, row);
        }
    }
}
