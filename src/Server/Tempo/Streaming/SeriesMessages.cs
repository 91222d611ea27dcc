using System.Buffers;
using Clew.Otlp.Protobuf;
using Clew.TraceQL.Metrics;

namespace Clew.Server.Tempo.Streaming;

/// <summary>Writes time series. <see cref="ProtoWriter"/> says why each method goes from the last field to the first.</summary>
internal static class SeriesMessages
{
    const int BytesHint = 4_096;
    const ulong Partial = 1;

    /// <summary>A <c>QueryRangeResponse</c>, or, of an instant, a <c>QueryInstantResponse</c>.</summary>
    /// <param name="partial">Why it is not complete; null for an answer that is.</param>
    public static void Write(MetricsResult found, string? partial, IBufferWriter<byte> target)
    {
        var writer = new ProtoWriter(BytesHint);
        MessageParts.Text(ref writer, SeriesResponseField.Message, partial ?? "");
        writer.VarintUnlessZero(SeriesResponseField.Status, partial is null ? 0 : Partial);
        MessageParts.Cost(ref writer, SeriesResponseField.Metrics, AnswerCost.Of(found.Report));
        for (var at = found.Series.Count - 1; at >= 0; at--)
        {
            if (!found.Grid.IsInstant)
                Write(ref writer, found.Series[at], found.Grid);
            else if (!double.IsNaN(found.Series[at].Samples[0]))
                WriteInstant(ref writer, found.Series[at]);
        }

        MessageParts.Finish(ref writer, target);
    }

    static void Write(ref ProtoWriter writer, MetricSeries series, TimeGrid grid)
    {
        var count = writer.Count;
        for (var at = series.Exemplars.Count - 1; at >= 0; at--)
        {
            var exemplar = series.Exemplars[at];
            var start = writer.Count;
            writer.VarintUnlessZero(ExemplarField.TimestampMs, SeriesValues.MillisOf(exemplar.Start));
            MessageParts.Number(ref writer, ExemplarField.Value, SeriesValues.Of(exemplar, series, grid));
            Labels(ref writer, ExemplarField.Labels, [.. SeriesValues.LabelsOf(exemplar)]);
            writer.EndMessage(TimeSeriesField.Exemplars, start);
        }

        for (var bucket = series.Samples.Length - 1; bucket >= 0; bucket--)
        {
            if (double.IsNaN(series.Samples[bucket]))
                continue;
            var start = writer.Count;
            writer.VarintUnlessZero(SampleField.TimestampMs, SeriesValues.MillisOf(grid.StampOf(bucket)));
            MessageParts.Number(ref writer, SampleField.Value, series.Samples[bucket]);
            writer.EndMessage(TimeSeriesField.Samples, start);
        }

        Labels(ref writer, TimeSeriesField.Labels, series.Labels);
        writer.EndMessage(SeriesResponseField.Series, count);
    }

    static void WriteInstant(ref ProtoWriter writer, MetricSeries series)
    {
        var count = writer.Count;
        MessageParts.Number(ref writer, InstantSeriesField.Value, series.Samples[0]);
        Labels(ref writer, InstantSeriesField.Labels, series.Labels);
        writer.EndMessage(SeriesResponseField.Series, count);
    }

    static void Labels(ref ProtoWriter writer, uint tag, IReadOnlyList<MetricLabel> labels)
    {
        for (var at = labels.Count - 1; at >= 0; at--)
            MessageParts.KeyValue(ref writer, tag, labels[at].Name, labels[at].Value);
    }
}
