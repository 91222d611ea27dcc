using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Metrics;

/// <summary>What sets the functions apart.</summary>
internal static class MetricsFunctions
{
    public static string NameOf(MetricsFunction function) => function switch
    {
        MetricsFunction.Rate => "rate",
        MetricsFunction.CountOverTime => "count_over_time",
        MetricsFunction.MinOverTime => "min_over_time",
        MetricsFunction.MaxOverTime => "max_over_time",
        MetricsFunction.SumOverTime => "sum_over_time",
        MetricsFunction.AvgOverTime => "avg_over_time",
        MetricsFunction.HistogramOverTime => "histogram_over_time",
        MetricsFunction.QuantileOverTime => "quantile_over_time",
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, "A function without a name."),
    };

    /// <summary>Whether values are counted by powers of two, as whole numbers.</summary>
    public static bool IsByPowers(MetricsFunction function) => function is MetricsFunction.HistogramOverTime or MetricsFunction.QuantileOverTime;

    public static SeriesAccumulator NewAccumulator(MetricsExpression.Aggregate aggregate, int bucketCount, QueryWork work) => aggregate.Function switch
    {
        MetricsFunction.Rate => new CountAccumulator(bucketCount, perSecond: true),
        MetricsFunction.CountOverTime => new CountAccumulator(bucketCount, perSecond: false),
        MetricsFunction.HistogramOverTime => new HistogramAccumulator(bucketCount, [], UnitOf(aggregate), work),
        MetricsFunction.QuantileOverTime => new HistogramAccumulator(bucketCount, aggregate.Quantiles, UnitOf(aggregate), work),
        _ => new NumberAccumulator(aggregate.Function, bucketCount),
    };

    /// <summary>The duration of a span is shown in seconds, any other value as it is; by powers of two, all durations are shown in seconds.</summary>
    public static double UnitOf(MetricsExpression.Aggregate aggregate) =>
        aggregate.Argument is FieldExpression.Field { Intrinsic: var intrinsic }
            && (IsByPowers(aggregate.Function) ? IntrinsicNames.TypeOf(intrinsic) == ValueType.Duration : intrinsic == Intrinsic.Duration) ? 1e9 : 1;
}
