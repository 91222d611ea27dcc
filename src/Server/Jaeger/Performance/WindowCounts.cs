using Clew.Model;
using Clew.Server.Queries;
using Clew.TraceQL;
using Clew.TraceQL.Metrics;

namespace Clew.Server.Jaeger.Performance;

/// <summary>From counts in buckets to what a metric says of the windows that end with its points.</summary>
internal sealed class WindowCounts(PerformanceQuestion question, TimeGrid grid)
{
    // What is counted apart: durations by powers of two; spans with an error, and the others.
    readonly int _laneCount = question.Metric switch
    {
        PerformanceMetric.Latencies => OctaveCounts.Count,
        PerformanceMetric.Errors => 2,
        _ => 1,
    };

    readonly Dictionary<(string Service, string? Operation), double[]?[]> _groups = [];

    public void Add(MetricSeries series)
    {
        var service = NameOf(ValueOf(series, PerformanceQuery.Service.ToString()));
        if (!question.Services.Contains(service))
            return;
        var key = (service, question.IsByOperation ? OperationName.Of(ValueOf(series, PerformanceQuery.Operation.ToString()).Text) : null);
        if (!_groups.TryGetValue(key, out var lanes))
            _groups.Add(key, lanes = new double[]?[_laneCount]);
        ref var lane = ref lanes[LaneOf(series)];
        if (lane is null)
        {
            lane = series.Samples;
            return;
        }

        for (var bucket = 0; bucket < lane.Length; bucket++)
            lane[bucket] += series.Samples[bucket];
    }

    /// <summary>By service, then by operation. Worked out one by one, and once only.</summary>
    public IEnumerable<PerformanceSeries> ToSeries()
    {
        foreach (var (key, lanes) in _groups.OrderBy(group => group.Key.Service, StringComparer.Ordinal).ThenBy(group => group.Key.Operation, StringComparer.Ordinal))
            yield return new PerformanceSeries(key.Service, key.Operation, ValuesOf(lanes));
    }

    double[] ValuesOf(double[]?[] lanes)
    {
        foreach (var lane in lanes)
            SumUp(lane);
        Span<double> counts = stackalloc double[lanes.Length];
        var values = new double[question.First.NanosUntil(question.Last) / question.StepNanos + 1];
        for (var point = 0; point < values.Length; point++)
        {
            var time = question.First.Plus((ulong)point * question.StepNanos);
            var last = (long)(grid.StampOf(0).NanosUntil(time) / question.BucketNanos);
            var before = last - (long)Math.Min(question.WindowNanos / question.BucketNanos, long.MaxValue);
            for (var lane = 0; lane < lanes.Length; lane++)
                counts[lane] = lanes[lane] is { } sums ? sums[last] - (before < 0 ? 0 : sums[before]) : 0;
            values[point] = ValueOf(counts);
        }

        return values;
    }

    // A share of nothing, and a rank in nothing, is not a number.
    double ValueOf(ReadOnlySpan<double> counts) => question.Metric switch
    {
        PerformanceMetric.Latencies => OctaveCounts.Quantile(counts, question.Quantile) / 1e6,
        PerformanceMetric.Errors => counts[1] / (counts[0] + counts[1]),
        _ => counts[0] / (question.WindowNanos / 1e9),
    };

    // Counts are whole numbers: their sums, and differences of those, are exact.
    static void SumUp(double[]? lane)
    {
        for (var bucket = 1; bucket < lane?.Length; bucket++)
            lane[bucket] += lane[bucket - 1];
    }

    int LaneOf(MetricSeries series) => question.Metric switch
    {
        PerformanceMetric.Latencies => OctaveCounts.ExponentOf(ValueOf(series, MetricLabel.Bucket).Number * 1e9),
        PerformanceMetric.Errors => ValueOf(series, PerformanceQuery.Status.ToString()) == Value.OfStatus(StatusCode.Error) ? 1 : 0,
        _ => 0,
    };

    static Value ValueOf(MetricSeries series, string label) => series.Labels.FirstOrDefault(one => one.Name == label).Value;

    static string NameOf(Value service) => service.Type switch
    {
        TraceQL.ValueType.Nil => ServiceName.Missing,
        TraceQL.ValueType.Text => service.Text.Length == 0 ? ServiceName.Empty : service.Text,
        _ => ServiceName.WrongType,
    };
}
