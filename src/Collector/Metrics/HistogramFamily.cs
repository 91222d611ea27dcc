using System.Collections.Concurrent;

namespace Clew.Collector.Metrics;

/// <summary>Histograms that differ in the values of up to two labels.</summary>
public sealed class HistogramFamily : MetricFamily
{
    readonly double[] _bounds;
    readonly string _firstLabel;
    readonly string _secondLabel;
    readonly ConcurrentDictionary<(string First, string Second), Histogram> _histograms = new();

    internal HistogramFamily(string name, string help, double[] bounds, string firstLabel, string secondLabel)
        : base(name, MetricType.Histogram, help)
    {
        _bounds = bounds;
        _firstLabel = firstLabel;
        _secondLabel = secondLabel;
    }

    /// <summary>The histogram for these label values, which exists from now on. Hot paths keep it.</summary>
    public Histogram With(string first = "", string second = "") => _histograms.GetOrAdd((first, second), _ => new Histogram(_bounds));

    internal override void WriteSamples(OpenMetricsWriter writer)
    {
        foreach (var (labels, histogram) in _histograms.OrderBy(pair => pair.Key))
        {
            (string, string) first = (_firstLabel, labels.First), second = (_secondLabel, labels.Second);
            var counts = histogram.CumulativeCounts();
            for (var bucket = 0; bucket < counts.Length; bucket++)
            {
                var bound = bucket < _bounds.Length ? OpenMetricsWriter.Format(_bounds[bucket]) : "+Inf";
                writer.WriteSample(Name, "_bucket", [first, second, ("le", bound)], counts[bucket]);
            }

            writer.WriteSample(Name, "_count", [first, second], counts[^1]);
            writer.WriteSample(Name, "_sum", [first, second], histogram.Sum);
        }
    }
}
