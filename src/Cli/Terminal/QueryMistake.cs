namespace Clew.Cli.Terminal;

/// <summary>What is wrong with a query, and the place in it.</summary>
/// <remarks>
/// <code>
/// clew: duration is 'fast'; expected a duration such as 100ms, 1.5s or 1h30m
///   service=kv-cache duration&gt;fast
///                             ^
/// </code>
/// </remarks>
internal static class QueryMistake
{
    const string Indent = "  ";

    /// <returns>The exit code.</returns>
    public static int Show(string query, QueryRefusedException refused, Screen screen, TextWriter output)
    {
        output.WriteLine($"clew: {TerminalText.Sanitize(refused.Reason.ReplaceLineEndings(" "))}");
        var lines = query.Split('\n');
        var line = lines[Math.Clamp(refused.Line - 1, 0, lines.Length - 1)].TrimEnd('\r');
        var column = Math.Clamp(refused.Column - 1, 0, line.Length);
        // Of a long line the part before the place, and as much behind it as there is room for.
        var room = screen.Width - Indent.Length - 2;
        var first = Math.Max(0, column - (room * 3 / 4));
        var lead = first > 0 ? "…" : "";
        var before = lead + TerminalText.Sanitize(line[first..column]);
        output.WriteLine(Indent + before + TerminalText.Truncate(TerminalText.Sanitize(line[column..]), Math.Max(1, room - TerminalText.Width(before))));
        output.WriteLine(Indent + new string(' ', TerminalText.Width(before)) + "^");
        return 1;
    }
}
