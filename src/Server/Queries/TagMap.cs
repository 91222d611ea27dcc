using System.Text.Json;

namespace Clew.Server.Queries;

/// <summary>Tags as a JSON object of strings, <c>{"http.status_code":"500","error":"true"}</c>. Numbers and truths are taken for their text.</summary>
internal static class TagMap
{
    public const string Expectation = """expected an object of strings such as {"http.status_code":"500"}""";

    public static bool TryRead(string json, List<(string Key, string Value)> tags)
    {
        try
        {
            using var map = JsonDocument.Parse(json);
            return map.RootElement.ValueKind == JsonValueKind.Object && map.RootElement.EnumerateObject().All(member => TryAdd(member, tags));
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException)
        {
            // The second is a lone surrogate, which no text can hold.
            return false;
        }
    }

    static bool TryAdd(JsonProperty member, List<(string, string)> tags)
    {
        var value = member.Value.ValueKind switch
        {
            JsonValueKind.String => member.Value.GetString(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => member.Value.GetRawText(),
            _ => null,
        };
        if (value is not null)
            tags.Add((member.Name, value));
        return value is not null;
    }
}
