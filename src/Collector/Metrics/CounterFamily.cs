using System.Collections.Concurrent;

namespace Clew.Collector.Metrics;

/// <summary>Counters that differ in the values of one or two labels.</summary>
public sealed class CounterFamily : MetricFamily
{
    readonly string _firstLabel;
    readonly string _secondLabel;
    readonly ConcurrentDictionary<(string First, string Second), Counter> _counters = new();

    internal CounterFamily(string name, string help, string firstLabel, string secondLabel)
        : base(name, MetricType.Counter, help)
    {
        _firstLabel = firstLabel;
        _secondLabel = secondLabel;
    }

    /// <summary>The counter for these label values, which exists from now on. Hot paths keep it.</summary>
    public Counter With(string first, string second = "") => _counters.GetOrAdd((first, second), _ => new Counter());

    internal override void WriteSamples(OpenMetricsWriter writer)
    {
        foreach (var (labels, counter) in _counters.OrderBy(pair => pair.Key))
            writer.WriteSample(Name, "_total", [(_firstLabel, labels.First), (_secondLabel, labels.Second)], counter.Value);
    }
}
