namespace Clew.Collector.Metrics;

/// <summary>A figure that someone else keeps, read when metrics are asked for.</summary>
internal sealed class ObservedFamily(string name, MetricType type, string help, Func<double> observe) : MetricFamily(name, type, help)
{
    internal override void WriteSamples(OpenMetricsWriter writer) => writer.WriteSample(Name, Type == MetricType.Counter ? "_total" : "", [], observe());
}
