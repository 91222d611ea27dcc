using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Clew.Storage.Columns;

/// <summary>What one pass over numbers tells about the size of each form of a column of them.</summary>
/// <param name="Runs">Of equal numbers, side by side.</param>
/// <param name="SmallestStep">From one number to the next, modulo 2^64.</param>
internal readonly record struct ColumnStatistics(ulong Smallest, ulong Largest, int Runs, long SmallestStep, long LargestStep)
{
    /// <param name="values">At least one.</param>
    public static ColumnStatistics Of(ReadOnlySpan<ulong> values)
    {
        ulong smallest = values[0], largest = values[0];
        long smallestStep = long.MaxValue, largestStep = long.MinValue;
        var changes = 0;
        var row = 1;
        if (Vector256.IsHardwareAccelerated && values.Length > Vector256<ulong>.Count)
        {
            ref var start = ref MemoryMarshal.GetReference(values);
            Vector256<ulong> least = Vector256.Create(smallest), most = least, unchanged = Vector256<ulong>.Zero;
            Vector256<long> leastStep = Vector256.Create(smallestStep), mostStep = Vector256.Create(largestStep);
            var counted = row;
            for (; row + Vector256<ulong>.Count <= values.Length; row += Vector256<ulong>.Count)
            {
                Vector256<ulong> before = Vector256.LoadUnsafe(ref start, (nuint)row - 1), here = Vector256.LoadUnsafe(ref start, (nuint)row);
                var step = (here - before).AsInt64();
                (least, most) = (Vector256.Min(least, here), Vector256.Max(most, here));
                (leastStep, mostStep) = (Vector256.Min(leastStep, step), Vector256.Max(mostStep, step));
                unchanged -= Vector256.Equals(here, before);
            }

            for (var lane = 0; lane < Vector256<ulong>.Count; lane++)
            {
                (smallest, largest) = (Math.Min(smallest, least[lane]), Math.Max(largest, most[lane]));
                (smallestStep, largestStep) = (Math.Min(smallestStep, leastStep[lane]), Math.Max(largestStep, mostStep[lane]));
            }

            changes = row - counted - (int)Vector256.Sum(unchanged);
        }

        for (; row < values.Length; row++)
        {
            var step = (long)(values[row] - values[row - 1]);
            (smallest, largest) = (Math.Min(smallest, values[row]), Math.Max(largest, values[row]));
            (smallestStep, largestStep) = (Math.Min(smallestStep, step), Math.Max(largestStep, step));
            changes += step != 0 ? 1 : 0;
        }

        return new ColumnStatistics(smallest, largest, changes + 1, smallestStep, largestStep);
    }
}
