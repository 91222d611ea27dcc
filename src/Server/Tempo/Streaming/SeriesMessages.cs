using System.Buffers;
using Clew.Otlp.Protobuf;
using Clew.TraceQL.Metrics;

namespace Clew.Server.Tempo.Streaming;

/// <summary>Writes time series. <see cref="ProtoWriter"/> says why each method goes from the last field to the first.</summary>
internal static class SeriesMessages
{
    const int BytesHint = 4_096;
    const ulong Partial = 1;

    /// <summary>A <c>QueryRangeResponse</c>, or a <c>QueryInstantResponse</c>: some of the series, each once.</summary>
    /// <param name="grid">Null for a <c>QueryInstantResponse</c>. A <c>QueryRangeResponse</c> may be of an instant, too: it has one sample then.</param>
    /// <param name="end">With the last of them, what they took, and why they are not complete, or null when they are.</param>
    public static void Write(ReadOnlySpan<MetricSeries> series, TimeGrid? grid, (AnswerCost Cost, string? Partial)? end, IBufferWriter<byte> target)
    {
        var writer = new ProtoWriter(BytesHint);
        if (end is var (cost, partial))
        {
            MessageParts.Text(ref writer, SeriesResponseField.Message, partial ?? "");
            writer.VarintUnlessZero(SeriesResponseField.Status, partial is null ? 0 : Partial);
            MessageParts.Cost(ref writer, SeriesResponseField.Metrics, cost);
        }

        for (var at = series.Length - 1; at >= 0; at--)
        {
            if (grid is not null)
                Write(ref writer, series[at], grid);
            else if (!double.IsNaN(series[at].Samples[0]))
                WriteInstant(ref writer, series[at]);
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
            MessageParts.Number(ref writer, ExemplarField.Value, SeriesValues.Of(exemplar));
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
