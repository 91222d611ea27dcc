using System.Globalization;
using System.Text.Json;
using Clew.Model;
using Clew.TraceQL;
using Clew.TraceQL.Metrics;

namespace Clew.Server.Tempo;

/// <summary>Writes time series. Buckets without a sample are left out, and so is, as everywhere in jsonpb, a value of zero.</summary>
internal static class SeriesJson
{
    /// <summary>A <c>TimeSeries</c>.</summary>
    public static void Write(Utf8JsonWriter writer, MetricSeries series, TimeGrid grid)
    {
        writer.WriteStartObject();
        Labels(writer, series.Labels);
        writer.WriteStartArray("samples");
        for (var bucket = 0; bucket < series.Samples.Length; bucket++)
        {
            if (double.IsNaN(series.Samples[bucket]))
                continue;
            writer.WriteStartObject();
            Time(writer, grid.StampOf(bucket));
            Number(writer, series.Samples[bucket]);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (series.Exemplars.Count > 0)
        {
            writer.WriteStartArray("exemplars");
            foreach (var exemplar in series.Exemplars)
                Write(writer, exemplar, SeriesValues.Of(exemplar));
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    /// <summary>An <c>InstantSeries</c>.</summary>
    public static void WriteInstant(Utf8JsonWriter writer, MetricSeries series)
    {
        writer.WriteStartObject();
        Labels(writer, series.Labels);
        Number(writer, series.Samples[0]);
        writer.WriteEndObject();
    }

    static void Write(Utf8JsonWriter writer, Exemplar exemplar, double value)
    {
        writer.WriteStartObject();
        Labels(writer, SeriesValues.LabelsOf(exemplar));
        Number(writer, value);
        Time(writer, exemplar.Start);
        writer.WriteEndObject();
    }

    static void Labels(Utf8JsonWriter writer, IEnumerable<MetricLabel> labels)
    {
        writer.WriteStartArray("labels");
        foreach (var (name, value) in labels)
            ValueJson.WriteKeyValue(writer, name, value);
        writer.WriteEndArray();
    }

    static void Time(Utf8JsonWriter writer, UnixNanos time)
    {
        if (SeriesValues.MillisOf(time) is var millis and > 0)
            writer.WriteString("timestampMs", millis.ToString(CultureInfo.InvariantCulture));
    }

    static void Number(Utf8JsonWriter writer, double value)
    {
        if (value != 0)
            ValueJson.WriteNumber(writer, "value", value);
    }
}
