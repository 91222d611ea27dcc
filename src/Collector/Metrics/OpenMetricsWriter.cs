using System.Buffers;
using System.Globalization;
using System.Text;

namespace Clew.Collector.Metrics;

/// <summary>Writes metrics as text that Prometheus scrapes.</summary>
/// <remarks>
/// <para>OpenMetrics 1.0: <c># TYPE</c> and <c># HELP</c> name the family (without <c>_total</c>), the text ends with <c># EOF</c>.</para>
/// <para>Prometheus 0.0.4, for clients that do not ask for OpenMetrics: they name the sample (with <c>_total</c>), and there is no end mark.</para>
/// </remarks>
public sealed class OpenMetricsWriter(IBufferWriter<byte> target, bool isOpenMetrics)
{
    public const string OpenMetricsContentType = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    public const string PrometheusContentType = "text/plain; version=0.0.4; charset=utf-8";

    internal void WriteHeader(MetricFamily family)
    {
        var name = family.Type == MetricType.Counter && !isOpenMetrics ? family.Name + "_total" : family.Name;
        var type = family.Type switch { MetricType.Counter => "counter", MetricType.Gauge => "gauge", _ => "histogram" };
        Write($"# TYPE {name} {type}\n# HELP {name} {Escape(family.Help)}\n");
    }

    /// <param name="labels">Those without a name are left out.</param>
    internal void WriteSample(string name, string suffix, ReadOnlySpan<(string Name, string Value)> labels, double value)
    {
        var line = new StringBuilder(name, 128).Append(suffix);
        var separator = '{';
        foreach (var label in labels)
        {
            if (label.Name.Length == 0)
                continue;
            line.Append(separator).Append(label.Name).Append("=\"").Append(Escape(label.Value)).Append('"');
            separator = ',';
        }

        if (separator == ',')
            line.Append('}');
        Write(line.Append(' ').Append(Format(value)).Append('\n').ToString());
    }

    internal void WriteEnd()
    {
        if (isOpenMetrics)
            Write("# EOF\n");
    }

    internal static string Format(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    static string Escape(string text) => text.Replace("\\", "\\\\").Replace("\n", "\\n").Replace("\"", "\\\"");

    void Write(string text) => Encoding.UTF8.GetBytes(text, target);
}
