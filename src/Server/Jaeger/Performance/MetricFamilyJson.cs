using System.Globalization;
using System.Text.Json;
using Clew.Model;
using Clew.Server.Queries;

namespace Clew.Server.Jaeger.Performance;

/// <summary>Writes a metric as Jaeger's <c>MetricFamily</c>, by the rules of jsonpb: enums by name, and what is not a number as text. There is no envelope around it.</summary>
internal static class MetricFamilyJson
{
    /// <remarks>Metrics are a list even when there are none: Jaeger's UI asks for its first element.</remarks>
    public static async Task WriteAsync(JsonAnswer answer, PerformanceQuestion question, IEnumerable<PerformanceSeries> series)
    {
        var writer = answer.Writer;
        writer.WriteStartObject();
        writer.WriteString("name", NameOf(question));
        writer.WriteString("type", "GAUGE");
        writer.WriteString("help", HelpOf(question));
        writer.WriteStartArray("metrics");
        foreach (var one in series)
            await WriteAsync(answer, question, one);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    static async Task WriteAsync(JsonAnswer answer, PerformanceQuestion question, PerformanceSeries series)
    {
        var writer = answer.Writer;
        writer.WriteStartObject();
        writer.WriteStartArray("labels");
        // The service comes first, which is where Jaeger's UI looks for it.
        WriteLabel(writer, "service_name", series.Service);
        if (series.Operation is not null)
            WriteLabel(writer, "operation", series.Operation);
        writer.WriteEndArray();
        writer.WriteStartArray("metricPoints");
        for (var point = 0; point < series.Values.Length; point++)
        {
            WritePoint(writer, question.First.Plus((ulong)point * question.StepNanos), series.Values[point]);
            await answer.SendIfMuchAsync();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    static void WriteLabel(Utf8JsonWriter writer, string name, string value)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WriteString("value", value);
        writer.WriteEndObject();
    }

    static void WritePoint(Utf8JsonWriter writer, UnixNanos time, double value)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("gaugeValue");
        if (double.IsNaN(value))
            writer.WriteString("doubleValue", "NaN");
        else
            writer.WriteNumber("doubleValue", value);
        writer.WriteEndObject();
        writer.WriteString("timestamp", TextOf(time.ToDateTimeOffset()));
        writer.WriteEndObject();
    }

    static string TextOf(DateTimeOffset time) =>
        time.ToString(time.Millisecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    static string NameOf(PerformanceQuestion question) => (question.IsByOperation ? "service_operation_" : "service_") + question.Metric switch
    {
        PerformanceMetric.Latencies => "latencies",
        PerformanceMetric.Calls => "call_rate",
        _ => "error_rate",
    };

    static string HelpOf(PerformanceQuestion question) => question.Metric switch
    {
        PerformanceMetric.Latencies => string.Create(CultureInfo.InvariantCulture, $"{question.Quantile:0.00}th quantile latency"),
        PerformanceMetric.Calls => "calls/sec",
        _ => "error rate, computed as a fraction of errors/sec over calls/sec",
    } + (question.IsByOperation ? ", grouped by service & operation" : ", grouped by service");
}
