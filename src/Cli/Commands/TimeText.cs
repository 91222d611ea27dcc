using System.Globalization;
using System.Text.RegularExpressions;
using Clew.Model;
using Clew.Server.Configuration;

namespace Clew.Cli.Commands;

/// <summary>Points in time as people write them: <c>now</c>, <c>now-15m</c>, <c>15m</c> (ago), <c>2026-01-02</c>, <c>2026-01-02T03:04</c>, <c>2026-01-02T03:04:05+01:00</c>, Unix nanoseconds.</summary>
internal static partial class TimeText
{
    public const string Forms = "2026-01-02T03:04, now-15m, 15m (ago) or Unix nanoseconds; without a zone it is UTC";

    // Fewer digits would be seconds or milliseconds of some other program.
    const int NanosDigitsMin = 13;

    public static bool TryParse(string text, DateTimeOffset now, out UnixNanos time)
    {
        time = default;
        if (text == "now")
            time = UnixNanos.From(now);
        else if (text.Length >= NanosDigitsMin && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var nanos))
            time = new UnixNanos(nanos);
        else if (DateFirst().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
            time = UnixNanos.From(date);
        else if (text.StartsWith("now", StringComparison.Ordinal) && text is [_, _, _, '-' or '+', ..] && DurationText.TryParse(text.AsSpan(4), out var offset))
            time = Moved(now, offset, text[3] == '-');
        else if (DurationText.TryParse(text, out var ago))
            time = Moved(now, ago, isBack: true);
        else
            return false;
        return true;
    }

    static UnixNanos Moved(DateTimeOffset now, TimeSpan by, bool isBack)
    {
        var nanos = (ulong)Math.Min(by.Ticks, long.MaxValue / 100) * 100;
        return isBack ? UnixNanos.From(now).Minus(nanos) : UnixNanos.From(now).Plus(nanos);
    }

    // A time alone would mean today, of which there is one per zone.
    [GeneratedRegex(@"^\d{4}-\d\d-\d\d", RegexOptions.None, 1_000)]
    private static partial Regex DateFirst();
}
