namespace Clew.TraceQL.Metrics;

/// <summary><c>rate()</c> and <c>count_over_time()</c>.</summary>
internal sealed class CountAccumulator(int bucketCount, bool perSecond) : SeriesAccumulator
{
    readonly double[] _counts = new double[bucketCount];

    public override void Add(int bucket, double value, double weight) => _counts[bucket] += weight;

    public override void TakeAll(SeriesAccumulator other)
    {
        var counts = ((CountAccumulator)other)._counts;
        for (var bucket = 0; bucket < counts.Length; bucket++)
            _counts[bucket] += counts[bucket];
    }

    public override IEnumerable<(IReadOnlyList<MetricLabel> Labels, double[] Samples)> ToSeries(TimeGrid grid) =>
        [([], perSecond ? Array.ConvertAll(_counts, count => grid.BucketSeconds > 0 ? count / grid.BucketSeconds : double.NaN) : _counts)];
}
