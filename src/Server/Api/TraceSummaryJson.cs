using System.Text.Json;
using Clew.Model;
using Clew.TraceQL.Searching;

namespace Clew.Server.Api;

/// <summary>One trace of a search: <c>{"traceId","rootServiceName","rootOperationName","startTimeUnixNano","durationNanos","spanCount","errorCount","services":[…]}</c>; of a query also <c>"spanSets":[…]</c>.</summary>
internal static class TraceSummaryJson
{
    /// <param name="spansets">What of the trace matches; null when nobody asked.</param>
    public static void Write(Utf8JsonWriter writer, TraceSummary summary, IReadOnlyList<FoundSpanset>? spansets = null)
    {
        writer.WriteStartObject();
        writer.WriteString("traceId", summary.Id.ToString());
        writer.WriteString("rootServiceName", summary.RootService);
        writer.WriteString("rootOperationName", summary.RootName);
        writer.WriteString("startTimeUnixNano", summary.Start.ToString());
        writer.WriteString("durationNanos", $"{summary.DurationNanos}");
        writer.WriteNumber("spanCount", summary.SpanCount);
        writer.WriteNumber("errorCount", summary.ErrorCount);
        writer.WriteNumber("orphanCount", summary.OrphanCount);
        writer.WriteStartArray("services");
        foreach (var service in summary.Services)
        {
            writer.WriteStartObject();
            writer.WriteString("name", service.Name);
            writer.WriteNumber("spanCount", service.SpanCount);
            writer.WriteNumber("errorCount", service.ErrorCount);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (spansets is not null)
            WriteSpansets(writer, spansets);
        writer.WriteEndObject();
    }

    static void WriteSpansets(Utf8JsonWriter writer, IReadOnlyList<FoundSpanset> spansets)
    {
        writer.WriteStartArray("spanSets");
        foreach (var spanset in spansets)
        {
            writer.WriteStartObject();
            writer.WriteNumber("matched", spanset.MatchedCount);
            ValueJson.WriteList(writer, "attributes", spanset.Attributes);
            writer.WriteStartArray("spans");
            foreach (var span in spanset.Spans)
                Write(writer, span);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    static void Write(Utf8JsonWriter writer, FoundSpan span)
    {
        writer.WriteStartObject();
        writer.WriteString("spanId", span.Id.ToString());
        writer.WriteString("name", span.Name);
        writer.WriteString("startTimeUnixNano", span.Start.ToString());
        writer.WriteString("durationNanos", $"{span.DurationNanos}");
        ValueJson.WriteList(writer, "attributes", span.Attributes);
        writer.WriteEndObject();
    }
}
