namespace Clew.Analysis;

/// <summary>How wide to make the next range of trace ids, so that its spans fill most of the room there is.</summary>
internal sealed class RangeWidths
{
    // After a range of few spans or none, for which the next may be crowded: ids of 64 bits leave all but the lowest 2^64 numbers unused.
    const int GrowthMax = 16;

    // Traces are of different lengths, so that a range holds more spans or fewer than its width promises.
    readonly double _countWanted;

    /// <param name="countMax">How many spans there is room for.</param>
    /// <param name="countStored">How many there may be in all ids together.</param>
    public RangeWidths(int countMax, long countStored)
    {
        _countWanted = Math.Max(1, countMax * 0.75);
        Next = countStored <= countMax ? UInt128.MaxValue : Scaled(UInt128.MaxValue, _countWanted / countStored);
    }

    /// <summary>From the first id of the range to its last.</summary>
    public UInt128 Next { get; private set; }

    /// <summary>Takes the next range to be as crowded as the one before it.</summary>
    public void Learn(UInt128 width, int count) => Next = Scaled(width + 1, Math.Min(GrowthMax, _countWanted / count));

    // Conversions to UInt128 saturate.
    static UInt128 Scaled(UInt128 width, double factor) => (UInt128)((double)width * factor);
}
