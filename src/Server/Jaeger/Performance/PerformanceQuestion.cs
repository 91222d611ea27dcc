using Clew.Model;
using Clew.TraceQL;
using Clew.TraceQL.Metrics;

namespace Clew.Server.Jaeger.Performance;

/// <summary>A question for one metric as it was asked, with all its defaults.</summary>
/// <remarks>
/// As in Prometheus, which Jaeger asks, a point stands for the window that ends with it, and windows overlap where they are longer than the step. Spans are counted in buckets that
/// divide both, whose ends are multiples of their length; the last point is the end of the last bucket that is over, so that no point waits for spans that are still to come.
/// </remarks>
internal sealed record PerformanceQuestion
{
    public required PerformanceMetric Metric { get; init; }

    /// <summary>By the names that this API gives them.</summary>
    public required IReadOnlyList<string> Services { get; init; }

    public required IReadOnlyList<SpanKind> Kinds { get; init; }

    /// <summary>0 to 1, for latencies.</summary>
    public double Quantile { get; init; }

    /// <summary>A series for each operation, instead of one for each service.</summary>
    public bool IsByOperation { get; init; }

    public required UnixNanos End { get; init; }

    public required ulong LookbackNanos { get; init; }

    /// <summary>From one point to the next; not 0.</summary>
    public required ulong StepNanos { get; init; }

    /// <summary>The time before a point that it stands for; not 0.</summary>
    public required ulong WindowNanos { get; init; }

    public ulong BucketNanos => CommonMeasure(StepNanos, WindowNanos);

    public UnixNanos Last => End.Minus(End.Value % BucketNanos);

    /// <summary>There is one point at least.</summary>
    public UnixNanos First => Last.Minus(End.Minus(LookbackNanos).NanosUntil(Last) / StepNanos * StepNanos);

    /// <returns>Null when it asks for more points, or buckets, than an answer may have.</returns>
    public MetricsRequest? ToRequest(QueryBudget budget)
    {
        var start = First.Plus(BucketNanos).Minus(WindowNanos);
        return TimeGrid.Of(start, Last, BucketNanos) is null
            ? null
            // An answer in part would be refused: what bounds the series is their memory.
            : new MetricsRequest { Start = start, End = Last, StepNanos = BucketNanos, SeriesMax = int.MaxValue, Budget = budget };
    }

    static ulong CommonMeasure(ulong left, ulong right)
    {
        while (right != 0)
            (left, right) = (right, left % right);
        return left;
    }
}
