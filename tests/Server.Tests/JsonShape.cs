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
        _ when json.ValueKind != JsonValueKind.String => false,
        "text" => true,
        "digits" => Digits().IsMatch(json.GetString()!),
        "hex32" => json.GetString()!.Length == 32 && Hexadecimal().IsMatch(json.GetString()!),
        "hex16" => json.GetString()!.Length == 16 && Hexadecimal().IsMatch(json.GetString()!),
        _ => throw new ArgumentException($"There is no type '{type}'.", nameof(type)),
    };

    [GeneratedRegex("^[0-9]+$", RegexOptions.None, 1_000)]
    private static partial Regex Digits();

    [GeneratedRegex("^[0-9a-f]+$", RegexOptions.None, 1_000)]
    private static partial Regex Hexadecimal();
}
