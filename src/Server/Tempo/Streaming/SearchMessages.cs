using System.Buffers;
using Clew.Otlp.Protobuf;
using Clew.TraceQL;
using Clew.TraceQL.Searching;

namespace Clew.Server.Tempo.Streaming;

/// <summary>Writes answers to searches. <see cref="ProtoWriter"/> says why each method goes from the last field to the first.</summary>
internal static class SearchMessages
{
    const int BytesHint = 4_096;

    /// <summary>A <c>SearchResponse</c>: some of the traces, each once, and with the last of them what they took.</summary>
    public static void Write(ReadOnlySpan<FoundTrace> traces, AnswerCost? cost, IBufferWriter<byte> target)
    {
        var writer = new ProtoWriter(BytesHint);
        if (cost is { } known)
            MessageParts.Cost(ref writer, SearchResponseField.Metrics, known);
        for (var at = traces.Length - 1; at >= 0; at--)
            Write(ref writer, traces[at]);
        MessageParts.Finish(ref writer, target);
    }

    static void Write(ref ProtoWriter writer, FoundTrace trace)
    {
        var count = writer.Count;
        for (var at = trace.Services.Count - 1; at >= 0; at--)
        {
            var entry = writer.Count;
            writer.VarintUnlessZero(ServiceStatsField.ErrorCount, (ulong)trace.Services[at].ErrorCount);
            writer.VarintUnlessZero(ServiceStatsField.SpanCount, (ulong)trace.Services[at].SpanCount);
            writer.EndMessage(MapEntryField.Value, entry);
            MessageParts.Text(ref writer, MapEntryField.Key, trace.Services[at].Name);
            writer.EndMessage(TraceMetadataField.ServiceStats, entry);
        }

        for (var at = trace.Spansets.Count - 1; at >= 0; at--)
            Write(ref writer, TraceMetadataField.SpanSets, trace.Spansets[at]);
        if (trace.Spansets.Count > 0)
            Write(ref writer, TraceMetadataField.SpanSet, trace.Spansets[0]);
        writer.VarintUnlessZero(TraceMetadataField.DurationMs, SearchJson.DurationMillis(trace));
        writer.VarintUnlessZero(TraceMetadataField.StartTimeUnixNano, trace.Start.Value);
        MessageParts.Text(ref writer, TraceMetadataField.RootTraceName, trace.RootName ?? "");
        MessageParts.Text(ref writer, TraceMetadataField.RootServiceName, trace.RootService ?? SearchJson.NoRoot);
        MessageParts.Text(ref writer, TraceMetadataField.TraceId, trace.Id.ToString());
        writer.EndMessage(SearchResponseField.Traces, count);
    }

    static void Write(ref ProtoWriter writer, uint tag, FoundSpanset spanset)
    {
        var count = writer.Count;
        Attributes(ref writer, SpanSetField.Attributes, spanset.Attributes);
        writer.VarintUnlessZero(SpanSetField.Matched, (ulong)spanset.MatchedCount);
        for (var at = spanset.Spans.Count - 1; at >= 0; at--)
        {
            var span = spanset.Spans[at];
            var start = writer.Count;
            Attributes(ref writer, FoundSpanField.Attributes, span.Attributes);
            writer.VarintUnlessZero(FoundSpanField.DurationNanos, span.DurationNanos);
            writer.VarintUnlessZero(FoundSpanField.StartTimeUnixNano, span.Start.Value);
            MessageParts.Text(ref writer, FoundSpanField.Name, span.Name);
            MessageParts.Text(ref writer, FoundSpanField.SpanId, span.Id.ToString());
            writer.EndMessage(SpanSetField.Spans, start);
        }

        writer.EndMessage(tag, count);
    }

    static void Attributes(ref ProtoWriter writer, uint tag, IReadOnlyList<(string Name, Value Value)> attributes)
    {
        for (var at = attributes.Count - 1; at >= 0; at--)
            MessageParts.KeyValue(ref writer, tag, attributes[at].Name, attributes[at].Value);
    }
}
