using Clew.Model;

namespace Clew.TraceQL.Syntax;

/// <summary>Durations as Prometheus writes them (<c>1d12h</c>, <c>1h30m</c>), else as Go does (<c>1.5s</c>, <c>3µs</c>).</summary>
static class DurationText
{
    public static bool IsUnitLetter(char character) => character is 'n' or 'u' or 'µ' or 'μ' or 'm' or 's' or 'h' or 'd' or 'w' or 'y';

    public static bool TryParse(string text, out long nanos)
    {
        var isParsed = PrometheusDuration.TryParse(text, out var size) || GoDuration.TryParse(text, out size);
        nanos = (long)size;
        return isParsed;
    }
}
