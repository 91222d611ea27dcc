using System.Numerics;

namespace Clew.Storage.Columns;

/// <summary>Numbers of which there are few distinct ones: each is the position of one among them.</summary>
/// <remarks><code>| 0xD1 | entries varint | entries, ascending, packed | code per number, packed |</code> As the entries ascend, numbers in a range have codes in a range.</remarks>
internal readonly ref struct DictionaryColumn
{
    public const byte Form = 0xD1;

    const int ChunkRows = 256;

    readonly PackedColumn _entries, _codes;

    DictionaryColumn(scoped ref ByteReader from, int count)
    {
        var blame = from;
        from.TakeByte();
        _entries = PackedColumn.Open(ref from, from.TakeCount(count));
        _codes = PackedColumn.Open(ref from, count);
        if (_codes.Largest >= (ulong)_entries.Count && count > 0)
            blame.Fail($"codes of {_entries.Count} numbers", $"{_codes.Largest}");
    }

    public ulong Smallest => _entries.Smallest;

    public ulong Largest => _entries.Largest;

    public ulong this[int row] => _entries[(int)_codes[row]];

    public static void Write(ByteWriter to, DistinctValues distinct, bool wholeBytes)
    {
        var entries = distinct.Entries;
        to.WriteByte(Form);
        to.WriteVarint((ulong)entries.Length);
        PackedColumn.Write(to, entries, entries[0], entries[^1], wholeBytes);
        PackedColumn.Write(to, distinct.Codes, 0, (ulong)entries.Length - 1, wholeBytes);
    }

    public static DictionaryColumn Open(scoped ref ByteReader from, int count) => new(ref from, count);

    public void Decode<T>(int from, Span<T> into)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        using var rented = Rented<T>.Of(_entries.Count);
        var entries = rented.Span;
        _entries.Decode(0, entries);
        Span<uint> codes = stackalloc uint[ChunkRows];
        for (var row = 0; row < into.Length; row += ChunkRows)
        {
            var part = codes[..Math.Min(ChunkRows, into.Length - row)];
            _codes.Decode(from + row, part);
            var target = into.Slice(row, part.Length);
            for (var at = 0; at < target.Length; at++)
                target[at] = entries[(int)part[at]];
        }
    }

    /// <summary>Removes the rows whose number is not one of <paramref name="low"/> to <paramref name="high"/>.</summary>
    public void Keep(ulong low, ulong high, Span<ulong> rows)
    {
        var first = FirstEntryFrom(low);
        var end = high == ulong.MaxValue ? _entries.Count : FirstEntryFrom(high + 1);
        if (first < end)
            _codes.Keep((ulong)first, (ulong)end - 1, rows);
        else
            rows.Clear();
    }

    /// <summary>Removes the rows whose number does not pass a test, which is asked once per entry.</summary>
    public void KeepWhere<TTest>(TTest test, Span<ulong> rows)
        where TTest : struct, INumberTest
    {
        using var rented = Rented<ulong>.Of(_entries.Count);
        var entries = rented.Span;
        _entries.Decode(0, entries);
        int first = -1, last = -1, passing = 0;
        for (var code = 0; code < entries.Length; code++)
        {
            entries[code] = test.Passes(entries[code]) ? 1UL : 0;
            if (entries[code] == 0)
                continue;
            first = first < 0 ? code : first;
            last = code;
            passing++;
        }

        if (passing == 0)
            rows.Clear();
        else if (passing == last - first + 1)
            _codes.Keep((ulong)first, (ulong)last, rows);
        else
            KeepPassing(entries, rows);
    }

    int FirstEntryFrom(ulong number)
    {
        int low = 0, high = _entries.Count;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (_entries[middle] < number)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    void KeepPassing(ReadOnlySpan<ulong> passes, Span<ulong> rows)
    {
        Span<uint> codes = stackalloc uint[64];
        for (var word = 0; word < rows.Length; word++)
        {
            if (rows[word] == 0)
                continue;
            var part = codes[..Math.Min(64, _codes.Count - (word << 6))];
            _codes.Decode(word << 6, part);
            ulong kept = 0;
            for (var at = 0; at < part.Length; at++)
                kept |= passes[(int)part[at]] << at;
            rows[word] &= kept;
        }
    }
}
