using System.Buffers;

namespace Clew.Storage.Columns;

/// <summary>The few rows of a column that its main form does not tell the truth about, each with what replaces it.</summary>
/// <param name="rows">Ascending.</param>
/// <param name="values">One per row.</param>
/// <param name="blame">The column.</param>
/// <param name="rowCount">The rows that there are to patch.</param>
internal readonly ref struct Patches(PackedColumn rows, PackedColumn values, ByteReader blame, int rowCount)
{
    readonly PackedColumn _rows = rows, _values = values;
    readonly ByteReader _blame = blame;
    readonly int _rowCount = rowCount;

    public int Count => _rows.Count;

    /// <exception cref="CorruptFileException">There is no such row.</exception>
    public int RowAt(int patch)
    {
        var row = _rows[patch];
        if (row >= (ulong)_rowCount)
            _blame.Fail($"{_rowCount} rows", $"row {row}");
        return (int)row;
    }

    public ulong ValueAt(int patch) => _values[patch];

    /// <summary>The values of all.</summary>
    public void Decode(Span<ulong> into) => _values.Decode(0, into);

    /// <summary>The first patch that is not before <paramref name="row"/>.</summary>
    public int FirstFrom(int row)
    {
        int low = 0, high = Count;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (RowAt(middle) < row)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>Decides the patched rows by a test of their own, whatever is decided about the others in the meantime.</summary>
    /// <param name="rows">See <see cref="RowBits"/>: as they are before the others are decided.</param>
    /// <param name="values">Per patch, the number that its row has.</param>
    /// <returns>A bit per patch, for <see cref="Apply"/>; rented.</returns>
    public ulong[] Decide<TTest>(TTest test, ReadOnlySpan<ulong> rows, ReadOnlySpan<ulong> values)
        where TTest : struct, INumberTest
    {
        var kept = ArrayPool<ulong>.Shared.Rent(RowBits.WordsOf(Count));
        kept.AsSpan(0, RowBits.WordsOf(Count)).Clear();
        for (var patch = 0; patch < Count; patch++)
        {
            if (RowBits.Contains(rows, RowAt(patch)) && test.Passes(values[patch]))
                kept[patch >> 6] |= 1UL << (patch & 63);
        }

        return kept;
    }

    /// <summary>Puts into effect what <see cref="Decide"/> decided, and gives back the room.</summary>
    public void Apply(ulong[] kept, Span<ulong> rows)
    {
        for (var patch = 0; patch < Count; patch++)
        {
            var row = RowAt(patch);
            RowBits.Remove(rows, row, row + 1);
            rows[row >> 6] |= (kept[patch >> 6] >> (patch & 63) & 1) << (row & 63);
        }

        ArrayPool<ulong>.Shared.Return(kept);
    }
}
