using System.Buffers;
using System.Globalization;

namespace Clew.Server.Configuration;

/// <summary>Durations as people write them: <c>500ms</c>, <c>10s</c>, <c>1.5h</c>, <c>1h30m</c>.</summary>
public static class DurationText
{
    static readonly SearchValues<char> NumberLetters = SearchValues.Create("0123456789.");

    static readonly (string Unit, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("ms", TimeSpan.TicksPerMillisecond), ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond), ("us", TimeSpan.TicksPerMicrosecond), ("µs", TimeSpan.TicksPerMicrosecond),
    ];

    /// <summary>Reads numbers with units (d, h, m, s, ms, us), largest first or not, without a sign. A bare 0 needs no unit.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        text = text.Trim();
        if (text.IsEmpty)
            return false;
        if (text is "0")
            return true;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(NumberLetters);
            if (digits <= 0 || !decimal.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return false;
            text = text[digits..];
            var letters = text.IndexOfAny(NumberLetters) is var next and >= 0 ? next : text.Length;
            if (!TryFindUnit(text[..letters], out var ticks) || number > TimeSpan.MaxValue.Ticks / ticks)
                return false;
            var sum = duration.Ticks + decimal.Round(number * ticks);
            if (sum > TimeSpan.MaxValue.Ticks)
                return false;
            duration = TimeSpan.FromTicks((long)sum);
            text = text[letters..];
        }

        return true;
    }

    /// <summary>The shortest exact form down to a microsecond: <c>2m10s</c>, <c>500ms</c>, <c>0s</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
            return "0s";
        var rest = duration.Ticks;
        var text = "";
        foreach (var (unit, ticks) in new[] { Units[0], Units[1], Units[3], Units[4], Units[2], Units[5] })
        {
            if (rest < ticks)
                continue;
            text += $"{rest / ticks}{unit}";
            rest %= ticks;
        }

        return text;
    }

    static bool TryFindUnit(ReadOnlySpan<char> name, out long ticks)
    {
        foreach (var unit in Units)
        {
            if (!name.Equals(unit.Unit, StringComparison.OrdinalIgnoreCase))
                continue;
            ticks = unit.Ticks;
            return true;
        }

        ticks = 0;
        return false;
    }
}
