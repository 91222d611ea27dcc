using System.Text.Json;
using Clew.Model;
using Clew.TraceQL;
using Clew.TraceQL.Searching;

namespace Clew.Server.Tempo;

/// <summary>Writes a found trace as <c>TraceSearchMetadata</c>.</summary>
internal static class SearchJson
{
    /// <summary>What stands for the service of a root that has not come in.</summary>
    public const string NoRoot = "<root span not yet received>";

    public static void Write(Utf8JsonWriter writer, FoundTrace trace)
    {
        writer.WriteStartObject();
        writer.WriteString("traceID", trace.Id.ToString());
        writer.WriteString("rootServiceName", trace.RootService ?? NoRoot);
        if (trace.RootName is { Length: > 0 } name)
            writer.WriteString("rootTraceName", name);
        Time(writer, trace.Start);
        if (DurationMillis(trace) is var millis and > 0)
            writer.WriteNumber("durationMs", millis);
        if (trace.Spansets.Count > 0)
        {
            writer.WritePropertyName("spanSet");
            Write(writer, trace.Spansets[0]);
            writer.WriteStartArray("spanSets");
            foreach (var spanset in trace.Spansets)
                Write(writer, spanset);
            writer.WriteEndArray();
        }

        WriteServices(writer, trace);
        writer.WriteEndObject();
    }

    /// <summary>In 32 bits.</summary>
    public static uint DurationMillis(FoundTrace trace) => (uint)Math.Min(trace.DurationNanos / 1_000_000, uint.MaxValue);

    static void Write(Utf8JsonWriter writer, FoundSpanset spanset)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("spans");
        foreach (var span in spanset.Spans)
            Write(writer, span);
        writer.WriteEndArray();
        if (spanset.MatchedCount > 0)
            writer.WriteNumber("matched", spanset.MatchedCount);
        Attributes(writer, spanset.Attributes);
        writer.WriteEndObject();
    }

    static void Write(Utf8JsonWriter writer, FoundSpan span)
    {
        writer.WriteStartObject();
        writer.WriteString("spanID", span.Id.ToString());
        if (span.Name.Length > 0)
            writer.WriteString("name", span.Name);
        Time(writer, span.Start);
        if (span.DurationNanos > 0)
            writer.WriteString("durationNanos", new UnixNanos(span.DurationNanos).ToString());
        Attributes(writer, span.Attributes);
        writer.WriteEndObject();
    }

    static void WriteServices(Utf8JsonWriter writer, FoundTrace trace)
    {
        writer.WriteStartObject("serviceStats");
        foreach (var service in trace.Services)
        {
            writer.WriteStartObject(service.Name);
            writer.WriteNumber("spanCount", service.SpanCount);
            if (service.ErrorCount > 0)
                writer.WriteNumber("errorCount", service.ErrorCount);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    static void Attributes(Utf8JsonWriter writer, IReadOnlyList<(string Name, Value Value)> attributes)
    {
        if (attributes.Count == 0)
            return;
        writer.WriteStartArray("attributes");
        foreach (var (name, value) in attributes)
            ValueJson.WriteKeyValue(writer, name, value);
        writer.WriteEndArray();
    }

    static void Time(Utf8JsonWriter writer, UnixNanos time)
    {
        if (time.Value > 0)
            writer.WriteString("startTimeUnixNano", time.ToString());
    }
}
