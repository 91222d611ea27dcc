using System.Numerics;

namespace Clew.Storage.Columns;

/// <summary>The distinct numbers of a column, ascending, with the code of each row: as long as there are few.</summary>
internal sealed class DistinctValues
{
    const int LimitMax = 1 << 14;

    ulong[] _entries = [];
    int[] _firstCodes = [];
    ulong[] _codes = [];
    int _rows;

    // A slot holds a base that rises with every use plus a code, so that what an earlier use left needs no clearing.
    int[] _slots = [];
    int _slotBase = 1;

    public int Count { get; private set; }

    public ReadOnlySpan<ulong> Entries => _entries.AsSpan(0, Count);

    /// <summary>Per row, the index of its number among <see cref="Entries"/>.</summary>
    public ReadOnlySpan<ulong> Codes => _codes.AsSpan(0, _rows);

    /// <summary>Finds the distinct numbers, unless there are more than <paramref name="limit"/> of them.</summary>
    /// <remarks>What an earlier call found is overwritten.</remarks>
    public bool TryFind(ReadOnlySpan<ulong> values, int limit)
    {
        limit = Math.Min(limit, LimitMax);
        Reserve(values.Length, limit);
        _rows = values.Length;
        var found = _codes.AsSpan(0, values.Length);
        if (!TryCollect(values, limit, found))
            return false;
        Sort(found);
        return true;
    }

    bool TryCollect(ReadOnlySpan<ulong> values, int limit, Span<ulong> found)
    {
        Count = 0;
        var shift = BitOperations.LeadingZeroCount((ulong)_slots.Length) + 1;
        ulong last = 0, lastCode = 0;
        for (var row = 0; row < values.Length; row++)
        {
            var value = values[row];
            if (value != last || row == 0)
            {
                var code = CodeOf(value, shift);
                if (code == limit)
                    return false;
                (last, lastCode) = (value, (ulong)code);
            }

            found[row] = lastCode;
        }

        return true;
    }

    // Fibonacci hashing: the product's high bits depend on all of the number.
    int CodeOf(ulong value, int shift)
    {
        for (var slot = (int)((value * 0x9E3779B97F4A7C15) >> shift); ; slot = (slot + 1) & (_slots.Length - 1))
        {
            var code = _slots[slot] - _slotBase;
            if (code < 0)
            {
                _slots[slot] = _slotBase + Count;
                _entries[Count] = value;
                return Count++;
            }

            if (_entries[code] == value)
                return code;
        }
    }

    void Sort(Span<ulong> codes)
    {
        var order = _firstCodes.AsSpan(0, Count);
        for (var code = 0; code < order.Length; code++)
            order[code] = code;
        _entries.AsSpan(0, Count).Sort(order);
        // The slots are done with: they take the new code of each old one.
        var newCodes = _slots.AsSpan(0, Count);
        for (var code = 0; code < order.Length; code++)
            newCodes[order[code]] = code;
        foreach (ref var code in codes)
            code = (ulong)newCodes[(int)code];
    }

    void Reserve(int rows, int limit)
    {
        if (_codes.Length < rows)
            _codes = new ulong[Math.Max(rows, _codes.Length * 2)];
        if (_entries.Length <= limit)
        {
            _entries = new ulong[limit + 1];
            _firstCodes = new int[limit + 1];
        }

        // Half full at most.
        var slots = (int)BitOperations.RoundUpToPowerOf2((uint)(limit + 1) * 2);
        if (_slots.Length < slots)
        {
            _slots = new int[slots];
            _slotBase = 1;
            return;
        }

        _slotBase += LimitMax + 1;
        if (_slotBase < int.MaxValue - (2 * LimitMax))
            return;
        Array.Clear(_slots);
        _slotBase = 1;
    }
}
