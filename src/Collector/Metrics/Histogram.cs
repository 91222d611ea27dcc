namespace Clew.Collector.Metrics;

/// <summary>How often a quantity fell below each of some bounds, from any thread.</summary>
public sealed class Histogram(double[] bounds)
{
    readonly long[] _counts = new long[bounds.Length + 1];
    double _sum;

    public void Observe(double value)
    {
        var bucket = Array.BinarySearch(bounds, value);
        Interlocked.Increment(ref _counts[bucket < 0 ? ~bucket : bucket]);
        double before;
        do
            before = Volatile.Read(ref _sum);
        while (!Interlocked.CompareExchange(ref _sum, before + value, before).Equals(before));
    }

    /// <summary>Per bound, and then for all, how many observations did not exceed it.</summary>
    internal long[] CumulativeCounts()
    {
        var counts = new long[_counts.Length];
        var total = 0L;
        for (var bucket = 0; bucket < counts.Length; bucket++)
            counts[bucket] = total += Volatile.Read(ref _counts[bucket]);
        return counts;
    }

    internal double Sum => Volatile.Read(ref _sum);
}
