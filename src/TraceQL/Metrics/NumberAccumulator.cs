using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Metrics;

/// <summary><c>min_over_time(x)</c>, <c>max_over_time(x)</c>, <c>sum_over_time(x)</c> and <c>avg_over_time(x)</c>. A bucket without a number has no sample.</summary>
internal sealed class NumberAccumulator : SeriesAccumulator
{
    readonly MetricsFunction _function;
    readonly double[] _values;
    readonly double[] _weights;

    public NumberAccumulator(MetricsFunction function, int bucketCount)
    {
        _function = function;
        _values = new double[bucketCount];
        _weights = new double[bucketCount];
    }

    public override void Add(int bucket, double value, double weight) =>
        Join(bucket, _function is MetricsFunction.SumOverTime or MetricsFunction.AvgOverTime ? value * weight : value, weight);

    public override void TakeAll(SeriesAccumulator other)
    {
        var taken = (NumberAccumulator)other;
        for (var bucket = 0; bucket < _values.Length; bucket++)
        {
            if (taken._weights[bucket] > 0)
                Join(bucket, taken._values[bucket], taken._weights[bucket]);
        }
    }

    public override IEnumerable<(IReadOnlyList<MetricLabel> Labels, double[] Samples)> ToSeries(TimeGrid grid)
    {
        var samples = new double[_values.Length];
        for (var bucket = 0; bucket < samples.Length; bucket++)
        {
            samples[bucket] = _weights[bucket] == 0 ? double.NaN
                : _function == MetricsFunction.AvgOverTime ? _values[bucket] / _weights[bucket]
                : _values[bucket];
        }

        return [([], samples)];
    }

    void Join(int bucket, double value, double weight)
    {
        ref var known = ref _values[bucket];
        known = _weights[bucket] == 0 ? value : _function switch
        {
            MetricsFunction.MinOverTime => Math.Min(known, value),
            MetricsFunction.MaxOverTime => Math.Max(known, value),
            _ => known + value,
        };
        _weights[bucket] += weight;
    }
}
