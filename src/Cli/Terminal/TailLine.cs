using System.Globalization;
using System.Text.Json;
using Clew.Model;

namespace Clew.Cli.Terminal;

/// <summary>A span as it comes in, in one line: its trace, when it began, how long it took, what it is, and its attributes as far as there is room.</summary>
internal static class TailLine
{
    public const string Header = "TRACE                             STARTED (UTC)     DURATION  SPAN";
    const int SpanAt = 61;

    /// <param name="span">An event of <c>/api/clew/v1/tail</c>.</param>
    public static string Of(JsonElement span, Screen screen)
    {
        var (service, name) = (Text(span, "service"), Text(span, "name"));
        var isError = Text(span, "status") == "error";
        var started = NanosText.Time(new UnixNanos(Nanos(span, "startTimeUnixNano")))[^12..];
        var attributes = string.Concat(span.GetProperty("attributes").EnumerateObject().Select(attribute => TerminalText.Sanitize($"  {attribute.Name}={attribute.Value}")));
        var room = Math.Max(24, screen.Width - SpanAt);
        var what = screen.Fit($"{(isError ? "✗ " : "")}{service}: {name}", room);
        var rest = screen.Fit(attributes, room - TerminalText.Width(what));
        return $"{Text(span, "traceId")}  {started}  {NanosText.Duration(Nanos(span, "durationNanos")),11}  "
            + (isError ? screen.Palette.Error(what) : screen.Palette.Service(service, what)) + screen.Palette.Dim(rest);
    }

    static string Text(JsonElement span, string property) => TerminalText.Sanitize(span.GetProperty(property).GetString()!);

    static ulong Nanos(JsonElement span, string property) => ulong.Parse(span.GetProperty(property).GetString()!, NumberStyles.None, CultureInfo.InvariantCulture);
}
