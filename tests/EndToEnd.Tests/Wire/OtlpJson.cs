using System.Globalization;
using System.Text.Json;

namespace Clew.EndToEnd.Tests.Wire;

/// <summary>Reads OTLP/JSON strictly: a field that the specification does not name is an error here.</summary>
internal static class OtlpJson
{
    /// <summary>Reads <c>{"resourceSpans":[…]}</c>.</summary>
    public static List<OtlpSpan> ReadTrace(JsonElement document)
    {
        Allow(document, "resourceSpans");
        var spans = new List<OtlpSpan>();
        foreach (var resourceSpans in Items(document, "resourceSpans"))
        {
            Allow(resourceSpans, "resource", "schemaUrl", "scopeSpans");
            var resource = ReadResource(resourceSpans);
            foreach (var scopeSpans in Items(resourceSpans, "scopeSpans"))
            {
                Allow(scopeSpans, "scope", "schemaUrl", "spans");
                var scope = ReadScope(scopeSpans);
                spans.AddRange(Items(scopeSpans, "spans").Select(span => ReadSpan(span, resource, scope)));
            }
        }

        return spans;
    }

    /// <summary>Reads one span whose resource and scope are given.</summary>
    public static OtlpSpan ReadSpan(JsonElement span, OtlpResource resource, OtlpScope scope)
    {
        Allow(span, "traceId", "spanId", "parentSpanId", "traceState", "flags", "name", "kind", "startTimeUnixNano", "endTimeUnixNano", "attributes",
            "events", "links", "status", "droppedAttributesCount", "droppedEventsCount", "droppedLinksCount");
        var status = span.TryGetProperty("status", out var found) ? found : default;
        return new OtlpSpan
        {
            TraceId = Text(span, "traceId"),
            SpanId = Text(span, "spanId"),
            ParentSpanId = Text(span, "parentSpanId"),
            TraceState = Text(span, "traceState"),
            Flags = (uint)Number(span, "flags"),
            Name = Text(span, "name"),
            Kind = (int)Number(span, "kind"),
            StartNanos = Time(span, "startTimeUnixNano"),
            EndNanos = Time(span, "endTimeUnixNano"),
            Attributes = Attributes(span),
            Events = [.. Items(span, "events").Select(ReadEvent)],
            Links = [.. Items(span, "links").Select(ReadLink)],
            StatusCode = (int)Number(status, "code"),
            StatusMessage = Text(status, "message"),
            DroppedAttributesCount = Number(span, "droppedAttributesCount"),
            DroppedEventsCount = Number(span, "droppedEventsCount"),
            DroppedLinksCount = Number(span, "droppedLinksCount"),
            Resource = resource,
            Scope = scope,
        };
    }

    public static OtlpAttribute[] Attributes(JsonElement owner) =>
        [.. Items(owner, "attributes").Select(ReadEntry)];

    public static string Text(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var text) ? text.GetString()! : "";

    static OtlpResource ReadResource(JsonElement resourceSpans)
    {
        if (!resourceSpans.TryGetProperty("resource", out var resource))
            return new OtlpResource([], Text(resourceSpans, "schemaUrl"));
        Allow(resource, "attributes", "droppedAttributesCount", "entityRefs");
        return new OtlpResource(Attributes(resource), Text(resourceSpans, "schemaUrl"));
    }

    static OtlpScope ReadScope(JsonElement scopeSpans)
    {
        if (!scopeSpans.TryGetProperty("scope", out var scope))
            return new OtlpScope("", "", Text(scopeSpans, "schemaUrl"));
        Allow(scope, "name", "version", "attributes", "droppedAttributesCount");
        return new OtlpScope(Text(scope, "name"), Text(scope, "version"), Text(scopeSpans, "schemaUrl")) { Attributes = Attributes(scope) };
    }

    static OtlpEvent ReadEvent(JsonElement occurred)
    {
        Allow(occurred, "timeUnixNano", "name", "attributes", "droppedAttributesCount");
        return new OtlpEvent(Time(occurred, "timeUnixNano"), Text(occurred, "name"), Attributes(occurred));
    }

    static OtlpLink ReadLink(JsonElement link)
    {
        Allow(link, "traceId", "spanId", "traceState", "flags", "attributes", "droppedAttributesCount");
        return new OtlpLink(Text(link, "traceId"), Text(link, "spanId"), Text(link, "traceState"), (uint)Number(link, "flags"), Attributes(link));
    }

    static OtlpAttribute ReadEntry(JsonElement entry)
    {
        Allow(entry, "key", "value");
        return new OtlpAttribute(Text(entry, "key"), entry.TryGetProperty("value", out var value) ? Value(value) : null);
    }

    static object? Value(JsonElement value)
    {
        var cases = value.EnumerateObject().ToArray();
        if (cases.Length == 0)
            return null;
        var held = Assert.Single(cases);
        return held.Name switch
        {
            "stringValue" => held.Value.GetString(),
            "boolValue" => held.Value.GetBoolean(),
            "intValue" => long.Parse(held.Value.GetString()!, CultureInfo.InvariantCulture),
            "doubleValue" => held.Value.ValueKind == JsonValueKind.String ? NotFinite(held.Value.GetString()!) : held.Value.GetDouble(),
            "bytesValue" => held.Value.GetBytesFromBase64(),
            "arrayValue" => Items(held.Value, "values").Select(Value).ToArray(),
            "kvlistValue" => Items(held.Value, "values").Select(ReadEntry).ToArray(),
            _ => throw new FormatException($"'{held.Name}' is not a case of AnyValue."),
        };
    }

    static double NotFinite(string text) => text switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        _ => throw new FormatException($"'{text}' is not how OTLP/JSON writes a double."),
    };

    // 64-bit integers are strings in OTLP/JSON, 32-bit ones are numbers; the typed getters insist on it.
    static long Time(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var time) ? long.Parse(time.GetString()!, CultureInfo.InvariantCulture) : 0;

    static long Number(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var number) ? number.GetInt64() : 0;

    static JsonElement.ArrayEnumerator Items(JsonElement owner, string name) => owner.TryGetProperty(name, out var items) ? items.EnumerateArray() : default;

    static void Allow(JsonElement owner, params ReadOnlySpan<string> names)
    {
        foreach (var property in owner.EnumerateObject())
        {
            if (!names.Contains(property.Name))
                throw new FormatException($"'{property.Name}' has no place in OTLP/JSON here; known are {string.Join(", ", names.ToArray())}.");
        }
    }
}
