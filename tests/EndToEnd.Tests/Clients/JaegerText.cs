using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Clew.EndToEnd.Tests.Wire;

namespace Clew.EndToEnd.Tests.Clients;

/// <summary>A trace of the Jaeger query API as text: once as OTLP spans should look there, once as a server's answer looks.</summary>
/// <remarks>No code of Clew takes part: the mapping is written down here a second time, from the specification "OpenTelemetry to Jaeger".</remarks>
internal static class JaegerText
{
    const long SafeInteger = (1L << 53) - 1;
    static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Expect(IEnumerable<OtlpSpan> spans) => string.Join('\n', spans.OrderBy(span => span.SpanId, StringComparer.Ordinal).Select(Expect));

    /// <summary>Reads the one trace in an answer's envelope.</summary>
    public static string Read(JsonElement answer)
    {
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("errors").ValueKind);
        var trace = Assert.Single(answer.GetProperty("data").EnumerateArray().ToArray());
        var processes = trace.GetProperty("processes");
        return string.Join('\n', trace.GetProperty("spans").EnumerateArray()
            .OrderBy(span => Text(span, "spanID"), StringComparer.Ordinal)
            .Select(span => Read(span, processes.GetProperty(Text(span, "processID")))));
    }

    static string Expect(OtlpSpan span)
    {
        var text = new StringBuilder();
        Line(text, $"span {span.TraceId} {span.SpanId} {span.Name}");
        Line(text, $"  start {span.StartNanos / 1_000} duration {(span.EndNanos - span.StartNanos) / 1_000}");
        if (span.ParentSpanId.Length > 0)
            Line(text, $"  reference CHILD_OF {span.TraceId} {span.ParentSpanId}");
        foreach (var link in span.Links)
            Line(text, $"  reference FOLLOWS_FROM {link.TraceId} {link.SpanId}");
        foreach (var tag in ExpectTags(span))
            Line(text, $"  tag {Expect(tag)}");
        foreach (var occurred in span.Events)
        {
            var fields = occurred.Attributes.Prepend(new OtlpAttribute("event", occurred.Name));
            Line(text, $"  log {occurred.TimeNanos / 1_000} {string.Join("; ", fields.Select(Expect))}");
        }

        Line(text, $"  process {span.Resource.Attributes.Single(attribute => attribute.Key == "service.name").Value}");
        foreach (var attribute in span.Resource.Attributes.Where(attribute => attribute.Key != "service.name"))
            Line(text, $"    tag {Expect(attribute)}");
        return text.ToString();
    }

    static IEnumerable<OtlpAttribute> ExpectTags(OtlpSpan span)
    {
        if (span.Scope.Name.Length > 0)
            yield return new("otel.scope.name", span.Scope.Name);
        if (span.Scope.Version.Length > 0)
            yield return new("otel.scope.version", span.Scope.Version);
        foreach (var attribute in span.Attributes)
            yield return attribute;
        if (span.Kind > 0)
            yield return new("span.kind", span.Kind switch { 1 => "internal", 2 => "server", 3 => "client", 4 => "producer", _ => "consumer" });
        if (span.StatusCode > 0)
            yield return new("otel.status_code", span.StatusCode == 1 ? "OK" : "ERROR");
        if (span.StatusCode == 2)
            yield return new("error", true);
        if (span.StatusMessage.Length > 0)
            yield return new("otel.status_description", span.StatusMessage);
        if (span.TraceState.Length > 0)
            yield return new("w3c.tracestate", span.TraceState);
    }

    static string Expect(OtlpAttribute attribute)
    {
        var (type, value) = attribute.Value switch
        {
            null => ("string", "\"\""),
            string text => ("string", JsonSerializer.Serialize(text, Compact)),
            bool flag => ("bool", flag ? "true" : "false"),
            // JavaScript would round what lies beyond 2^53.
            long number when number is > SafeInteger or < -SafeInteger => ("int64", $"\"{number.ToString(CultureInfo.InvariantCulture)}\""),
            long number => ("int64", number.ToString(CultureInfo.InvariantCulture)),
            double number => ("float64", Json(number)),
            byte[] bytes => ("binary", $"\"{Convert.ToBase64String(bytes)}\""),
            _ => ("string", JsonSerializer.Serialize(Nested(attribute.Value), Compact)),
        };
        return $"{attribute.Key} {type} {value}";
    }

    /// <summary>Arrays and maps become a string that holds their JSON.</summary>
    static string Nested(object? value) => value switch
    {
        null => "null",
        string text => JsonSerializer.Serialize(text, Compact),
        bool flag => flag ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => Json(number),
        byte[] bytes => $"\"{Convert.ToBase64String(bytes)}\"",
        OtlpAttribute[] map => $"{{{string.Join(",", map.Select(entry => $"{JsonSerializer.Serialize(entry.Key, Compact)}:{Nested(entry.Value)}"))}}}",
        object?[] list => $"[{string.Join(",", list.Select(Nested))}]",
        _ => throw new ArgumentException($"{value.GetType()} is not a type that OTLP knows."),
    };

    // JSON knows no such numbers, so they are strings.
    static string Json(double number) => double.IsFinite(number) ? JsonSerializer.Serialize(number) : $"\"{number.ToString(CultureInfo.InvariantCulture)}\"";

    static string Read(JsonElement span, JsonElement process)
    {
        var text = new StringBuilder();
        Line(text, $"span {Text(span, "traceID")} {Text(span, "spanID")} {Text(span, "operationName")}");
        Line(text, $"  start {span.GetProperty("startTime").GetInt64()} duration {span.GetProperty("duration").GetInt64()}");
        foreach (var reference in span.GetProperty("references").EnumerateArray())
            Line(text, $"  reference {Text(reference, "refType")} {Text(reference, "traceID")} {Text(reference, "spanID")}");
        foreach (var tag in span.GetProperty("tags").EnumerateArray())
            Line(text, $"  tag {ReadTag(tag)}");
        foreach (var log in span.GetProperty("logs").EnumerateArray())
            Line(text, $"  log {log.GetProperty("timestamp").GetInt64()} {string.Join("; ", log.GetProperty("fields").EnumerateArray().Select(ReadTag))}");
        Line(text, $"  process {Text(process, "serviceName")}");
        foreach (var tag in process.GetProperty("tags").EnumerateArray())
            Line(text, $"    tag {ReadTag(tag)}");
        return text.ToString();
    }

    // Values are compared as the JSON they are, with one escaping for both sides.
    static string ReadTag(JsonElement tag) =>
        $"{Text(tag, "key")} {Text(tag, "type")} {JsonSerializer.Serialize(tag.GetProperty("value"), Compact)}";

    static string Text(JsonElement owner, string name) => owner.GetProperty(name).GetString()!;

    static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
