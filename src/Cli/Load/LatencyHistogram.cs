using System.Numerics;

namespace Clew.Cli.Load;

/// <summary>Latencies of any number of requests in a few kilobytes: counted by size, to within 1.6 %.</summary>
/// <remarks>Buckets are as HdrHistogram's: each power of two of microseconds is divided into 64. Not for several threads at once.</remarks>
internal sealed class LatencyHistogram
{
    const int DivisionBits = 6;
    const int Divisions = 1 << DivisionBits;
    readonly long[] _counts = new long[(64 - DivisionBits + 1) * Divisions];
    double _micros;

    public long Count { get; private set; }

    public TimeSpan Max { get; private set; }

    public void Add(TimeSpan latency)
    {
        var micros = (ulong)Math.Max(0, latency.Ticks / TimeSpan.TicksPerMicrosecond);
        _counts[IndexOf(micros)]++;
        _micros += micros;
        Count++;
        if (latency > Max)
            Max = latency;
    }

    public void Add(LatencyHistogram other)
    {
        for (var index = 0; index < _counts.Length; index++)
            _counts[index] += other._counts[index];
        _micros += other._micros;
        Count += other.Count;
        if (other.Max > Max)
            Max = other.Max;
    }

    public void Clear()
    {
        Array.Clear(_counts);
        (_micros, Count, Max) = (0, 0, TimeSpan.Zero);
    }

    /// <param name="quantile">0.5 is the median.</param>
    /// <returns>No more than <see cref="Max"/>; zero when there is nothing.</returns>
    public TimeSpan At(double quantile)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(quantile * Count));
        var seen = 0L;
        for (var index = 0; index < _counts.Length; index++)
        {
            seen += _counts[index];
            if (seen >= rank)
                return TimeSpan.FromTicks(Math.Min(Max.Ticks, (long)(UpperBound(index) * TimeSpan.TicksPerMicrosecond)));
        }

        return Max;
    }

    public LatencySummary Summarize() => new(
        Count, Count == 0 ? 0 : Math.Round(_micros / 1_000 / Count, 3), Millis(At(0.5)), Millis(At(0.95)), Millis(At(0.99)), Millis(Max));

    static double Millis(TimeSpan latency) => Math.Round(latency.TotalMilliseconds, 3);

    // Below 64 each microsecond has a bucket of its own; from there on the leading seven bits choose it.
    static int IndexOf(ulong micros)
    {
        if (micros < Divisions)
            return (int)micros;
        var shift = BitOperations.Log2(micros) - DivisionBits;
        return ((shift + 1) << DivisionBits) + (int)(micros >> shift) - Divisions;
    }

    static double UpperBound(int index)
    {
        if (index < Divisions)
            return index + 1;
        var shift = (index >> DivisionBits) - 1;
        return Math.ScaleB((index & (Divisions - 1)) + Divisions + 1, shift);
    }
}
