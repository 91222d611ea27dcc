namespace Clew.Collector.Metrics;

/// <summary>Figures that someone else keeps and that differ in the values of one or two labels, read when metrics are asked for.</summary>
internal sealed class ObservedFamilies(
    string name, MetricType type, string help, string firstLabel, string secondLabel, Func<IEnumerable<(string First, string Second, double Value)>> observe)
    : MetricFamily(name, type, help)
{
    internal override void WriteSamples(OpenMetricsWriter writer)
    {
        foreach (var (first, second, value) in observe())
            writer.WriteSample(Name, Type == MetricType.Counter ? "_total" : "", [(firstLabel, first), (secondLabel, second)], value);
    }
}
