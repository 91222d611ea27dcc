using System.Globalization;
using Clew.Model;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Tempo;

/// <summary>Reads the parameters of a request one after the other, and keeps the first problem. An empty one counts as absent, one that is not asked for is ignored.</summary>
internal sealed class TempoParameters(IQueryCollection query)
{
    /// <summary>Null while there is none.</summary>
    public string? Problem { get; private set; }

    public IEnumerable<string> Names => query.Keys;

    public void Fail(string problem) => Problem ??= problem;

    public bool Has(string name) => Text(name).Length > 0;

    /// <summary>Of several values the first.</summary>
    public string Text(string name) => query.TryGetValue(name, out var values) && values.Count > 0 ? values[0] ?? "" : "";

    public int Count(string name, int missing, int min, int max = int.MaxValue)
    {
        var text = Text(name);
        if (text.Length == 0)
            return missing;
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count) || count < min || count > max)
            Fail($"invalid {name}: '{text}' is not a number from {min}{(max < int.MaxValue ? $" to {max}" : " on")}");
        return count;
    }

    /// <summary>Unix seconds in 32 bits; 0 when absent.</summary>
    public uint Seconds(string name)
    {
        var text = Text(name);
        if (text.Length == 0)
            return 0;
        if (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            Fail($"invalid {name}: '{text}' is not a time in unix seconds");
        return seconds;
    }

    /// <summary>The whole seconds from <c>start</c> to <c>end</c>; all time when both are absent.</summary>
    public TimeRange Range()
    {
        var (start, end) = (Seconds("start"), Seconds("end"));
        if (RangeProblem(start, end) is { } problem)
            Fail(problem);
        return RangeOf(start, end);
    }

    public ulong DurationNanos(string name, ulong missing)
    {
        var text = Text(name);
        if (text.Length == 0)
            return missing;
        if (!GoDuration.TryParse(text, out var nanos))
            Fail($"invalid {name}: '{text}' is not a duration such as 100ms or 1.5s");
        return nanos;
    }

    /// <summary>How far back a range reaches.</summary>
    public ulong PeriodNanos(string name, ulong missing)
    {
        var text = Text(name);
        if (text.Length == 0)
            return missing;
        if (!TryParseDuration(text, out var nanos))
            Fail($"invalid {name}: '{text}' is not a duration such as 90s, 1h30m or 7d");
        return nanos;
    }

    /// <summary>Unix seconds of up to ten digits, nanoseconds of more, seconds with a fraction, or RFC 3339; null when absent.</summary>
    public UnixNanos? Time(string name)
    {
        var text = Text(name);
        if (text.Length == 0)
            return null;
        if (!TryParseTime(text, out var time))
            Fail($"invalid {name}: '{text}' is not a time: expected unix seconds, unix nanoseconds or RFC 3339");
        return time;
    }

    /// <summary>A duration such as <c>15s</c> or <c>1d</c>, or a number of seconds; 0 when absent.</summary>
    public ulong StepNanos(string name)
    {
        var text = Text(name);
        if (text.Length == 0)
            return 0;
        var isSeconds = TryParseSeconds(text, out var nanos);
        if ((!isSeconds && !TryParseDuration(text, out nanos)) || nanos == 0)
            Fail($"invalid {name}: '{text}' is not a duration greater than zero, such as 15s or 0.5");
        return nanos;
    }

    public static string? RangeProblem(uint start, uint end) =>
        (start != 0 || end != 0) && end <= start ? $"http parameter start must be before end. received start={start} end={end}" : null;

    // The last second belongs to the range: who says when in seconds means all of it.
    public static TimeRange RangeOf(uint start, uint end) =>
        start == 0 && end == 0 ? TimeRange.All : new TimeRange(new UnixNanos(start * 1_000_000_000UL), new UnixNanos(end * 1_000_000_000UL + 999_999_999));

    static bool TryParseTime(string text, out UnixNanos time)
    {
        if (!text.Contains('.', StringComparison.Ordinal) && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole))
        {
            time = new UnixNanos(text.Length <= 10 ? whole * 1_000_000_000 : whole);
            return true;
        }

        var isSeconds = TryParseSeconds(text, out var nanos);
        time = new UnixNanos(nanos);
        return isSeconds || Rfc3339.TryParse(text, out time);
    }

    // Where Tempo measures time, not spans, days and weeks are durations too.
    static bool TryParseDuration(string text, out ulong nanos) => PrometheusDuration.TryParse(text, out nanos) || GoDuration.TryParse(text, out nanos);

    static bool TryParseSeconds(string text, out ulong nanos)
    {
        var isNumber = decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 0 and < 18_000_000_000;
        nanos = isNumber ? (ulong)(seconds * 1_000_000_000) : 0;
        return isNumber;
    }
}
