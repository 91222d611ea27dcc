namespace Clew.Collector.Metrics;

/// <summary>All series of one metric name.</summary>
/// <remarks>Label values come from the code, never from a request: what a stranger sends must not decide how many series there are.</remarks>
public abstract class MetricFamily(string name, MetricType type, string help)
{
    /// <summary>Without the <c>_total</c> of counters, which belongs to their samples.</summary>
    public string Name { get; } = name;

    public MetricType Type { get; } = type;

    public string Help { get; } = help;

    internal abstract void WriteSamples(OpenMetricsWriter writer);
}
