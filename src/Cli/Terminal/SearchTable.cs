using System.Globalization;
using System.Text.Json;
using Clew.Model;

namespace Clew.Cli.Terminal;

/// <summary>The answer of a search as a table, one trace a line.</summary>
internal static class SearchTable
{
    const string Header = "TRACE                             STARTED (UTC)               DURATION   SPANS  ERRORS";
    const string Indent = "  ";
    const int RootAt = 88, MatchedWidth = 9;

    /// <param name="answer">What <c>/api/clew/v1/search</c> gives.</param>
    /// <param name="shown">What stands below the line of each trace.</param>
    /// <returns>The number of traces.</returns>
    public static int Write(JsonElement answer, Screen screen, TextWriter output, ShownValues? shown = null)
    {
        var traces = answer.GetProperty("traces");
        if (traces.GetArrayLength() == 0)
            return 0;
        // Only a query says how many spans of a trace match.
        var hasMatches = traces[0].TryGetProperty("spanSets", out _);
        output.WriteLine(screen.Palette.Dim(Header + (hasMatches ? "  MATCHED" : "") + "  ROOT"));
        foreach (var trace in traces.EnumerateArray())
        {
            output.WriteLine(Line(trace, hasMatches ? $"{MatchedIn(trace),MatchedWidth}" : "", screen));
            foreach (var line in shown?.LinesOf(trace) ?? [])
                output.WriteLine(screen.Palette.Dim(Indent + screen.Fit(line, screen.Width - Indent.Length)));
        }

        return traces.GetArrayLength();
    }

    /// <summary>How many spans of a trace match a query.</summary>
    public static int MatchedIn(JsonElement trace) => trace.GetProperty("spanSets").EnumerateArray().Sum(spanset => spanset.GetProperty("matched").GetInt32());

    static string Line(JsonElement trace, string matched, Screen screen)
    {
        var errors = trace.GetProperty("errorCount").GetInt32();
        var started = NanosText.Time(new UnixNanos(Nanos(trace, "startTimeUnixNano")));
        var duration = NanosText.Duration(Nanos(trace, "durationNanos"));
        var counts = $"{trace.GetProperty("spanCount").GetInt32(),8}";
        var errorText = $"{(errors == 0 ? "-" : errors.ToString(CultureInfo.InvariantCulture)),8}";
        var service = TerminalText.Sanitize(trace.GetProperty("rootServiceName").GetString() ?? "");
        var name = TerminalText.Sanitize(trace.GetProperty("rootOperationName").GetString() ?? "");
        var root = service.Length + name.Length == 0 ? $"(no root) {Services(trace)}" : $"{service}: {name}";
        // A narrow terminal wraps better than it hides: ids and figures are never cut.
        var room = Math.Max(24, screen.Width - RootAt - matched.Length);
        return $"{trace.GetProperty("traceId").GetString()}  {started}  {duration,11}{counts}"
            + (errors == 0 ? errorText : screen.Palette.Error(errorText)) + matched + "  "
            + screen.Palette.Service(service, screen.Fit(root, room));
    }

    static string Services(JsonElement trace) =>
        TerminalText.Sanitize(string.Join(", ", trace.GetProperty("services").EnumerateArray().Select(service => service.GetProperty("name").GetString())));

    static ulong Nanos(JsonElement trace, string property) => ulong.Parse(trace.GetProperty(property).GetString()!, NumberStyles.None, CultureInfo.InvariantCulture);
}
