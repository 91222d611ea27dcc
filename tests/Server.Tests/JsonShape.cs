using System.Text.Json;
using System.Text.RegularExpressions;

namespace Clew.Server.Tests;

/// <summary>A schema by example: each string is a type, each array holds the shape of its elements, a name that ends in a question mark may be missing.</summary>
internal static partial class JsonShape
{
    /// <summary>OTLP JSON as protobuf's rules and OTLP's exceptions from them want it: identities hexadecimal, enums and small numbers numbers, 64-bit numbers text.</summary>
    public const string ResourceSpans =
        """
        [{"resource":{"attributes?":[{"key":"text","value":"any"}],"droppedAttributesCount?":"int"},"schemaUrl?":"text","scopeSpans":[{"scope":{"name?":"text","version?":"text",
        "attributes?":[{"key":"text","value":"any"}],"droppedAttributesCount?":"int"},"schemaUrl?":"text","spans":[{"traceId":"hex32","spanId":"hex16","parentSpanId?":"hex16","traceState?":"text",
        "flags?":"int","name":"text","kind":"int","startTimeUnixNano":"digits","endTimeUnixNano":"digits","attributes?":[{"key":"text","value":"any"}],"droppedAttributesCount?":"int",
        "events?":[{"timeUnixNano":"digits","name":"text","attributes?":[{"key":"text","value":"any"}],"droppedAttributesCount?":"int"}],"droppedEventsCount?":"int",
        "links?":[{"traceId?":"hex32","spanId?":"hex16","traceState?":"text","attributes?":[{"key":"text","value":"any"}],"droppedAttributesCount?":"int","flags?":"int"}],
        "droppedLinksCount?":"int","status?":{"code?":"int","message?":"text"}}]}]}]
        """;

    const string JsonpbKeyValue =
        """
        {"key":"text","value":{"stringValue?":"text","boolValue?":"bool","intValue?":"digits","doubleValue?":"number","bytesValue?":"base64","arrayValue?":{"values?":"any"},"kvlistValue?":"any"}}
        """;

    /// <summary>Spans as Go's jsonpb writes them: bytes in base64, enums by name, 64-bit numbers as text, nothing that is zero.</summary>
    public const string JsonpbResourceSpans =
        $$$"""
        [{"resource":{"attributes?":[{{{JsonpbKeyValue}}}],"droppedAttributesCount?":"int"},"schemaUrl?":"text","scopeSpans":[{"scope":{"name?":"text","version?":"text",
        "attributes?":[{{{JsonpbKeyValue}}}],"droppedAttributesCount?":"int"},"schemaUrl?":"text","spans":[{"traceId":"base64of16","spanId":"base64of8","parentSpanId?":"base64of8","traceState?":"text",
        "flags?":"int","name?":"text","kind?":"text","startTimeUnixNano?":"digits","endTimeUnixNano?":"digits","attributes?":[{{{JsonpbKeyValue}}}],"droppedAttributesCount?":"int",
        "events?":[{"timeUnixNano?":"digits","name?":"text","attributes?":[{{{JsonpbKeyValue}}}],"droppedAttributesCount?":"int"}],"droppedEventsCount?":"int",
        "links?":[{"traceId?":"base64of16","spanId?":"base64of8","traceState?":"text","attributes?":[{{{JsonpbKeyValue}}}],"droppedAttributesCount?":"int","flags?":"int"}],
        "droppedLinksCount?":"int","status?":{"code?":"text","message?":"text"}}]}]}]
        """;

    const string JsonpbMetrics = """{"inspectedTraces?":"int","inspectedBytes?":"digits","totalBlocks?":"int","completedJobs?":"int","totalJobs":"int","inspectedSpans?":"digits"}""";

    const string FoundSpanset =
        $$$"""
        {"spans":[{"spanID":"hex16","name?":"text","startTimeUnixNano?":"digits","durationNanos?":"digits","attributes?":[{{{JsonpbKeyValue}}}]}],"matched?":"int","attributes?":[{{{JsonpbKeyValue}}}]}
        """;

    /// <summary>Tempo's answer to a search.</summary>
    public const string TempoSearch =
        $$$"""
        {"traces":[{"traceID":"hex32","rootServiceName":"text","rootTraceName?":"text","startTimeUnixNano?":"digits","durationMs?":"int","spanSet?":{{{FoundSpanset}}},
        "spanSets?":[{{{FoundSpanset}}}],"serviceStats":"any"}],"metrics":{{{JsonpbMetrics}}}}
        """;

    /// <summary>Tempo's answer with time series.</summary>
    public const string TempoSeries =
        $$$"""
        {"series":[{"labels":[{{{JsonpbKeyValue}}}],"samples":[{"timestampMs":"digits","value?":"number"}],
        "exemplars?":[{"labels":[{{{JsonpbKeyValue}}}],"value?":"number","timestampMs":"digits"}]}],"metrics":{{{JsonpbMetrics}}},"status?":"text","message?":"text"}
        """;

    /// <summary>Jaeger's answer with a metric: gauges only.</summary>
    public const string JaegerMetricFamily =
        """
        {"name":"text","type":"text","help":"text","metrics":[{"labels":[{"name":"text","value":"text"}],"metricPoints":[{"gaugeValue":{"doubleValue":"number"},"timestamp":"time"}]}]}
        """;

    public static void AssertMatches(string shape, JsonElement json) => AssertMatches(JsonElement.Parse(shape), json, "$");

    static void AssertMatches(JsonElement shape, JsonElement json, string path)
    {
        switch (shape.ValueKind)
        {
            case JsonValueKind.Object: AssertObject(shape, json, path); break;
            case JsonValueKind.Array:
                Assert.True(json.ValueKind == JsonValueKind.Array, $"{path} is {json}, not an array");
                foreach (var (at, element) in json.EnumerateArray().Index())
                    AssertMatches(shape[0], element, $"{path}[{at}]");
                break;
            default: Assert.True(IsOfType(shape.GetString()!, json), $"{path} is {json}, not of type {shape}"); break;
        }
    }

    static void AssertObject(JsonElement shape, JsonElement json, string path)
    {
        Assert.True(json.ValueKind == JsonValueKind.Object, $"{path} is {json}, not an object");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in shape.EnumerateObject())
        {
            var name = member.Name.TrimEnd('?');
            names.Add(name);
            if (json.TryGetProperty(name, out var value))
                AssertMatches(member.Value, value, $"{path}.{name}");
            else
                Assert.True(member.Name.EndsWith('?'), $"{path} has no {name}: {json}");
        }

        Assert.All(json.EnumerateObject(), member => Assert.True(names.Contains(member.Name), $"{path} has a {member.Name}"));
    }

    static bool IsOfType(string type, JsonElement json) => type switch
    {
        "any" => true,
        "int" => json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out _),
        "number" => json.ValueKind == JsonValueKind.Number || (json.ValueKind == JsonValueKind.String && json.GetString() is "NaN" or "Infinity" or "-Infinity"),
        "bool" => json.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ when json.ValueKind != JsonValueKind.String => false,
        "text" => true,
        "base64" => json.TryGetBytesFromBase64(out _),
        "base64of16" => json.TryGetBytesFromBase64(out var bytes) && bytes.Length == 16,
        "base64of8" => json.TryGetBytesFromBase64(out var bytes) && bytes.Length == 8,
        "time" => Time().IsMatch(json.GetString()!),
        "digits" => Digits().IsMatch(json.GetString()!),
        "hex32" => json.GetString()!.Length == 32 && Hexadecimal().IsMatch(json.GetString()!),
        "hex16" => json.GetString()!.Length == 16 && Hexadecimal().IsMatch(json.GetString()!),
        _ => throw new ArgumentException($"There is no type '{type}'.", nameof(type)),
    };

    [GeneratedRegex("^[0-9]+$", RegexOptions.None, 1_000)]
    private static partial Regex Digits();

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.][0-9]{3})?Z$", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Time();

    [GeneratedRegex("^[0-9a-f]+$", RegexOptions.None, 1_000)]
    private static partial Regex Hexadecimal();
}
