using System.Text.Json;
using System.Text.RegularExpressions;

namespace Clew.Server.Tests.OpenApi;

/// <summary>As much of JSON Schema as openapi.json uses; a keyword that is not known here is a mistake of the document.</summary>
internal sealed class JsonSchema(JsonElement document)
{
    static readonly string[] Known =
        ["$ref", "type", "properties", "required", "additionalProperties", "items", "enum", "pattern", "minimum", "maximum", "description", "default", "examples"];

    /// <summary>What is wrong with a value, by its path; empty when nothing is.</summary>
    public IEnumerable<string> Problems(JsonElement schema, JsonElement value, string path = "$")
    {
        foreach (var keyword in schema.EnumerateObject().Where(keyword => !Known.Contains(keyword.Name)))
            yield return $"{path}: the schema has the unknown keyword {keyword.Name}";
        if (schema.TryGetProperty("$ref", out var reference))
            schema = Resolve(reference.GetString()!);
        if (schema.TryGetProperty("type", out var type) && !TypesOf(type).Any(name => Is(name, value)))
        {
            yield return $"{path} is {value.ValueKind}, not {type}";
            yield break;
        }

        if (schema.TryGetProperty("enum", out var choices) && !choices.EnumerateArray().Any(choice => JsonElement.DeepEquals(choice, value)))
            yield return $"{path} is {value}, none of {choices}";
        if (schema.TryGetProperty("pattern", out var pattern) && !Regex.IsMatch(value.GetString()!, pattern.GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1)))
            yield return $"{path} is {value}, not like {pattern}";
        if (schema.TryGetProperty("minimum", out var minimum) && value.GetDouble() < minimum.GetDouble())
            yield return $"{path} is {value}, less than {minimum}";
        foreach (var problem in ProblemsInside(schema, value, path))
            yield return problem;
    }

    public JsonElement Resolve(string reference) =>
        reference.Split('/').Skip(1).Aggregate(document, (at, part) => at.GetProperty(part));

    IEnumerable<string> ProblemsInside(JsonElement schema, JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
            return value.EnumerateArray().SelectMany((item, at) => Problems(items, item, $"{path}[{at}]"));
        return value.ValueKind == JsonValueKind.Object ? ProblemsOfObject(schema, value, path) : [];
    }

    IEnumerable<string> ProblemsOfObject(JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray().Select(name => name.GetString()!).Where(name => !value.TryGetProperty(name, out _)))
                yield return $"{path} has no {name}";
        }

        var isClosed = schema.TryGetProperty("additionalProperties", out var more) && more.ValueKind == JsonValueKind.False;
        var hasProperties = schema.TryGetProperty("properties", out var properties);
        foreach (var property in value.EnumerateObject())
        {
            if (hasProperties && properties.TryGetProperty(property.Name, out var known))
            {
                foreach (var problem in Problems(known, property.Value, $"{path}.{property.Name}"))
                    yield return problem;
            }
            else if (isClosed)
            {
                yield return $"{path} has {property.Name}, which the document does not know";
            }
        }
    }

    static IEnumerable<string> TypesOf(JsonElement type) => type.ValueKind == JsonValueKind.String ? [type.GetString()!] : type.EnumerateArray().Select(one => one.GetString()!);

    static bool Is(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => false,
    };
}
