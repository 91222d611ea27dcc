using System.Numerics;

namespace Clew.Storage.Columns;

/// <summary>A set of rows: bit <c>row % 64</c> of word <c>row / 64</c>. Bits past the last row are zero.</summary>
internal static class RowBits
{
    public static int WordsOf(int rowCount) => (rowCount + 63) >> 6;

    /// <summary>Makes it the set of all rows.</summary>
    public static void SetAll(Span<ulong> rows, int rowCount)
    {
        rows.Clear();
        rows[..(rowCount >> 6)].Fill(ulong.MaxValue);
        if ((rowCount & 63) is var rest && rest > 0)
            rows[rowCount >> 6] = (1UL << rest) - 1;
    }

    public static bool Contains(ReadOnlySpan<ulong> rows, int row) => (rows[row >> 6] >> (row & 63) & 1) != 0;

    /// <summary>Removes the rows from <paramref name="start"/> up to, not including, <paramref name="end"/>.</summary>
    public static void Remove(Span<ulong> rows, int start, int end)
    {
        if (start >= end)
            return;
        int first = start >> 6, last = (end - 1) >> 6;
        ulong before = (1UL << (start & 63)) - 1, behind = (end & 63) == 0 ? 0 : ulong.MaxValue << (end & 63);
        if (first == last)
        {
            rows[first] &= before | behind;
            return;
        }

        rows[first] &= before;
        rows[(first + 1)..last].Clear();
        rows[last] &= behind;
    }

    public static bool IsEmpty(ReadOnlySpan<ulong> rows) => !rows.ContainsAnyExcept(0UL);

    public static int Count(ReadOnlySpan<ulong> rows)
    {
        var count = 0;
        foreach (var word in rows)
            count += BitOperations.PopCount(word);
        return count;
    }

    /// <summary>Lists the rows of the set, ascending.</summary>
    /// <param name="into">At least as long as there are any.</param>
    public static void List(ReadOnlySpan<ulong> rows, Span<int> into)
    {
        var count = 0;
        for (var word = 0; word < rows.Length; word++)
        {
            for (var rest = rows[word]; rest != 0; rest &= rest - 1)
                into[count++] = (word << 6) + BitOperations.TrailingZeroCount(rest);
        }
    }

    /// <summary>The first row of the set that is not before <paramref name="row"/>, or -1.</summary>
    public static int NextFrom(ReadOnlySpan<ulong> rows, int row)
    {
        var at = row >> 6;
        if (at >= rows.Length)
            return -1;
        var word = rows[at] & (ulong.MaxValue << (row & 63));
        while (word == 0)
        {
            if (++at == rows.Length)
                return -1;
            word = rows[at];
        }

        return (at << 6) + BitOperations.TrailingZeroCount(word);
    }
}
