namespace Clew.Server.Jaeger.Performance;

/// <summary>What Jaeger's Monitor tab draws.</summary>
internal enum PerformanceMetric
{
    /// <summary>A quantile of durations, in milliseconds.</summary>
    Latencies,

    /// <summary>Spans per second.</summary>
    Calls,

    /// <summary>Of the spans, the share with an error: 0 to 1.</summary>
    Errors,
}
