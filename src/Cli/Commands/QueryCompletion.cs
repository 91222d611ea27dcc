using System.Buffers;
using System.Text.Json;

namespace Clew.Cli.Commands;

/// <summary>What the last word of a query could become: names of fields and attributes, or, behind a comparison, values. The server knows them.</summary>
internal static class QueryCompletion
{
    const int CountMax = 100;

    // Whoever pressed Tab takes a shell that waits any longer for broken. The server takes no more than three seconds of it.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    static readonly SearchValues<char> Breaks = SearchValues.Create(" {(,|&\t\n");

    static readonly SearchValues<char> Comparisons = SearchValues.Create("=!<>~"), NeedQuotes = SearchValues.Create(" \t\n\"'`|");

    static readonly string[] Fields = ["service", "operation", "duration", "status", "error", "kind", "trace"];

    /// <summary>For a source of completions, which may not wait and has nobody to tell of trouble.</summary>
    public static IEnumerable<string> Complete(ApiClient api, string text)
    {
        using (api)
        {
            try
            {
#pragma warning disable VSTHRD002 // A source of completions is asked from the program's only thread, without a context to come back to.
                return FindAsync(api, text, CancellationToken.None).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
            }
            catch (CommandFailedException)
            {
                return [];
            }
        }
    }

    /// <returns>The whole text with its last word completed, in each of the ways there are.</returns>
    public static async Task<IReadOnlyList<string>> FindAsync(ApiClient api, string text, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        var start = text.AsSpan().LastIndexOfAny(Breaks) + 1;
        var (before, word) = (text[..start], text[start..]);
        var comparison = word.AsSpan().IndexOfAny(Comparisons);
        try
        {
            var found = comparison < 0 ? await NamesAsync(api, word, patience.Token) : await ValuesAsync(api, word, comparison, patience.Token);
            return [.. found.Take(CountMax).Select(candidate => before + candidate)];
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return [];
        }
    }

    static async Task<string[]> NamesAsync(ApiClient api, string word, CancellationToken cancellation)
    {
        using var answer = JsonDocument.Parse(await api.AskAsync("attributes", [], cancellation));
        var attributes = answer.RootElement.GetProperty("attributes").EnumerateArray()
            .SelectMany(attribute => (string[])[attribute.GetProperty("key").GetString()!, attribute.GetProperty("name").GetString()!]);
        return [.. Fields.Concat(attributes).Where(name => name.StartsWith(word, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];
    }

    static async Task<string[]> ValuesAsync(ApiClient api, string word, int comparison, CancellationToken cancellation)
    {
        var valueAt = comparison;
        while (valueAt < word.Length && Comparisons.Contains(word[valueAt]))
            valueAt++;
        var (key, begun) = (word[..comparison], word[valueAt..].TrimStart('"'));
        using var answer = JsonDocument.Parse(await api.AskAsync("attributes/values", [("name", key), ("prefix", begun)], cancellation));
        return [.. answer.RootElement.GetProperty("values").EnumerateArray().Select(value => word[..valueAt] + Quoted(value.GetProperty("value")))];
    }

    static string Quoted(JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return text.Length == 0 || text.AsSpan().ContainsAny(NeedQuotes) ? JsonSerializer.Serialize(text) : text;
    }
}
