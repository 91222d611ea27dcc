using System.Numerics;

namespace Clew.TraceQL.Metrics;

/// <summary><c>histogram_over_time(x)</c> and <c>quantile_over_time(x, …)</c>: counts by the next power of two.</summary>
/// <param name="quantiles">Empty for the histogram itself.</param>
/// <param name="unit">What a value is divided by where it is shown: durations are counted in nanoseconds and shown in seconds.</param>
internal sealed class HistogramAccumulator(int bucketCount, IReadOnlyList<double> quantiles, double unit, QueryWork work) : SeriesAccumulator
{
    // Per exponent of two, where anything was counted, the counts per bucket of time.
    readonly double[]?[] _counts = new double[]?[64];

    /// <summary>The least that is counted.</summary>
    public const int ValueMin = 2;

    /// <param name="value">A whole number, no less than <see cref="ValueMin"/>.</param>
    public override void Add(int bucket, double value, double weight)
    {
        var exponent = 64 - BitOperations.LeadingZeroCount((ulong)Math.Min(value, long.MaxValue) - 1);
        CountsOf(exponent)[bucket] += weight;
    }

    public override void TakeAll(SeriesAccumulator other)
    {
        var taken = ((HistogramAccumulator)other)._counts;
        for (var exponent = 0; exponent < taken.Length; exponent++)
        {
            if (taken[exponent] is not { } counts)
                continue;
            var known = CountsOf(exponent);
            for (var bucket = 0; bucket < known.Length; bucket++)
                known[bucket] += counts[bucket];
        }
    }

    public override IEnumerable<(IReadOnlyList<MetricLabel> Labels, double[] Samples)> ToSeries(TimeGrid grid)
    {
        if (quantiles.Count == 0)
        {
            for (var exponent = 0; exponent < _counts.Length; exponent++)
            {
                if (_counts[exponent] is { } counts)
                    yield return ([new MetricLabel(MetricLabel.Bucket, Value.OfFloat(Math.Pow(2, exponent) / unit))], counts);
            }
        }

        foreach (var quantile in quantiles)
        {
            if (!work.TryTake(8L * bucketCount))
                yield break;
            var samples = new double[bucketCount];
            for (var bucket = 0; bucket < samples.Length; bucket++)
                samples[bucket] = Estimate(bucket, quantile) / unit;
            yield return ([new MetricLabel("p", Value.OfFloat(quantile))], samples);
        }
    }

    double[] CountsOf(int exponent)
    {
        if (_counts[exponent] is { } known)
            return known;
        work.TryTake(8L * bucketCount);
        return _counts[exponent] = new double[bucketCount];
    }

    // Walks up to the value of that rank and goes on, in its octave, as far as the rank goes in its count.
    double Estimate(int bucket, double quantile)
    {
        var total = _counts.Sum(counts => counts?[bucket] ?? 0);
        if (total == 0)
            return 0;
        var rank = Math.Max(1, Math.Ceiling(quantile * total));
        var (before, lower) = (0.0, -1);
        for (var exponent = 0; exponent < _counts.Length; exponent++)
        {
            if (_counts[exponent]?[bucket] is not (> 0 and var count))
                continue;
            if (before + count >= rank)
            {
                var from = lower < 0 ? exponent - 1 : lower;
                return Math.Pow(2, from + (exponent - from) * (rank - before) / count);
            }

            (before, lower) = (before + count, exponent);
        }

        return Math.Pow(2, lower);
    }
}
