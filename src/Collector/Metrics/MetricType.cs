namespace Clew.Collector.Metrics;

/// <summary>The kinds of metrics that are exposed; names are those of OpenMetrics, in lower case.</summary>
public enum MetricType
{
    Counter,
    Gauge,
    Histogram,
}
