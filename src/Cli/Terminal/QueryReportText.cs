using System.Globalization;
using System.Text.Json;

namespace Clew.Cli.Terminal;

/// <summary>How the server answered a query: that it is in part, if it is, and what was read for it, if that was asked.</summary>
internal static class QueryReportText
{
    /// <summary>Which names of a query that found nothing no span has; nothing where there is nothing to say.</summary>
    public static void WriteHints(JsonElement answer, TextWriter output)
    {
        if (!answer.TryGetProperty("hints", out var hints))
            return;
        foreach (var hint in hints.EnumerateArray())
            output.WriteLine(TerminalText.Sanitize(hint.GetString()!));
    }

    public static void Write(JsonElement answer, Screen screen, TextWriter output)
    {
        if (answer.TryGetProperty("partial", out var partial))
            output.WriteLine(screen.Palette.Warning($"The answer is not complete. {TerminalText.Sanitize(partial.GetProperty("message").GetString()!)}"));
        if (!answer.TryGetProperty("explain", out var explain))
            return;
        output.WriteLine();
        output.WriteLine(screen.Palette.Strong("Plan"));
        foreach (var step in explain.GetProperty("plan").EnumerateArray())
            output.WriteLine($"  {TerminalText.Sanitize(step.GetString()!)}");
        output.WriteLine(screen.Palette.Strong("Read"));
        var rows = explain.GetProperty("rows");
        if (rows.GetProperty("read").GetInt64() == 0)
        {
            // A search that needed no scan: what its look-ups read is not counted.
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {explain.GetProperty("traces").GetInt64():N0} whole traces"));
        }
        else
        {
            output.WriteLine($"  {Pair(explain, "blocks", "blocks")}; {Pair(explain, "rowGroups", "row groups")}");
            WriteRows(explain, rows, output);
        }

        output.WriteLine(screen.Palette.Strong("Time"));
        foreach (var stage in explain.GetProperty("stages").EnumerateArray())
            output.WriteLine($"  {stage.GetProperty("name").GetString()}  {NanosText.Duration(ulong.Parse(stage.GetProperty("durationNanos").GetString()!, CultureInfo.InvariantCulture))}");
    }

    static void WriteRows(JsonElement explain, JsonElement rows, TextWriter output) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"  {rows.GetProperty("read").GetInt64():N0} spans, {rows.GetProperty("found").GetInt64():N0} of them candidates; {BytesText.Of(explain.GetProperty("bytes").GetInt64())}; {explain.GetProperty("traces").GetInt64():N0} whole traces"));

    static string Pair(JsonElement explain, string property, string noun)
    {
        var pair = explain.GetProperty(property);
        return string.Create(CultureInfo.InvariantCulture, $"{pair.GetProperty("read").GetInt64():N0} {noun} read, {pair.GetProperty("pruned").GetInt64():N0} ruled out");
    }
}
