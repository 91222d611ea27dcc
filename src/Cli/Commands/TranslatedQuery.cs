using System.Text.Json;
using Clew.Cli.Terminal;

namespace Clew.Cli.Commands;

/// <param name="Text">Canonical TraceQL.</param>
/// <param name="IsTranslated">It was typed in the simple form.</param>
/// <param name="Answers"><c>traces</c> or <c>metrics</c>.</param>
internal sealed record TranslatedQuery(string Text, bool IsTranslated, string Answers)
{
    /// <exception cref="QueryRefusedException">The server does not understand the query.</exception>
    public static async Task<TranslatedQuery> AskAsync(ApiClient api, string text, CancellationToken cancellation)
    {
        using var answer = JsonDocument.Parse(await api.AskAsync("translate", [("q", text)], cancellation));
        var root = answer.RootElement;
        return new TranslatedQuery(root.GetProperty("query").GetString()!, root.GetProperty("form").GetString() == "simple", root.GetProperty("answers").GetString()!);
    }

    /// <summary>Shows what the simple form means: on standard error, so that what is piped on is the answer alone.</summary>
    public void Show()
    {
        if (IsTranslated)
            Console.Error.WriteLine($"= {TerminalText.Sanitize(Text)}");
    }
}
