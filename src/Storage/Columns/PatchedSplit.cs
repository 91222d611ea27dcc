using System.Numerics;

namespace Clew.Storage.Columns;

/// <summary>Where the bits of numbers are cut apart in a <see cref="PatchedColumn"/>.</summary>
/// <param name="PatchCount">How many numbers have high bits.</param>
internal readonly record struct PatchedSplit(int LowBits, int HighBits, int PatchCount)
{
    const int BitsMin = 6, RowsMin = 16;

    /// <summary>Finds the cut that takes the fewest bits.</summary>
    /// <param name="bits">Of all numbers, without a header.</param>
    /// <returns>False where there is none.</returns>
    public static bool TryFind(ReadOnlySpan<ulong> values, in ColumnStatistics statistics, out PatchedSplit split, out long bits)
    {
        (split, bits) = (default, long.MaxValue);
        var range = statistics.Largest - statistics.Smallest;
        if (BitPacking.WidthOf(range) < BitsMin || values.Length < RowsMin)
            return false;
        Span<int> ofWidth = stackalloc int[65];
        ofWidth.Clear();
        foreach (var value in values)
            ofWidth[64 - BitOperations.LeadingZeroCount(value - statistics.Smallest)]++;
        var widest = 64 - BitOperations.LeadingZeroCount(range);
        var rowBits = BitPacking.WidthOf((ulong)values.Length);
        var patches = 0;
        for (var low = widest - 1; low > 0 && patches <= values.Length / 4; low--)
        {
            patches += ofWidth[low + 1];
            var size = ((long)values.Length * low) + ((long)patches * (rowBits + widest - low));
            if (size < bits && BitPacking.IsWidth(low) && BitPacking.IsWidth(widest - low))
                (bits, split) = (size, new PatchedSplit(low, widest - low, patches));
        }

        return split.LowBits > 0;
    }
}
