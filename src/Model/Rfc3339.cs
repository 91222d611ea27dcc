using System.Globalization;

namespace Clew.Model;

/// <summary>Times as RFC 3339 writes them: <c>2026-11-28T22:15:00.123456789Z</c>, <c>2026-11-28T23:15:00+01:00</c>.</summary>
public static class Rfc3339
{
    const int FractionStart = 19, NanosDigits = 9;

    /// <summary>Parses a time with its date and its zone. Digits beyond the nanosecond are dropped.</summary>
    /// <param name="time">A time before 1970 becomes <see cref="UnixNanos.MinValue"/>, one after 2554 <see cref="UnixNanos.MaxValue"/>.</param>
    public static bool TryParse(string? text, out UnixNanos time)
    {
        time = default;
        if (text is null || text.Length <= FractionStart || !TryTakeFraction(text.AsSpan(FractionStart), out var nanos, out var zone))
            return false;
        if (zone is "Z" or "z")
            zone = "+00:00";
        if (!DateTimeOffset.TryParseExact(
            string.Concat(text.AsSpan(0, FractionStart), zone), "yyyy'-'MM'-'dd'T'HH':'mm':'sszzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var whole))
            return false;
        const ulong NanosPerSecond = 1_000_000_000;
        var seconds = whole.ToUnixTimeSeconds();
        time = seconds < 0 ? UnixNanos.MinValue
            : (ulong)seconds >= ulong.MaxValue / NanosPerSecond ? UnixNanos.MaxValue
            : new UnixNanos((ulong)seconds * NanosPerSecond + nanos);
        return true;
    }

    static bool TryTakeFraction(ReadOnlySpan<char> text, out uint nanos, out ReadOnlySpan<char> zone)
    {
        nanos = 0;
        zone = text;
        if (text[0] != '.')
            return true;
        var digits = text[1..];
        var count = digits.IndexOfAnyExceptInRange('0', '9');
        if (count <= 0)
            return false;
        for (var at = 0; at < NanosDigits; at++)
            nanos = nanos * 10 + (at < count ? digits[at] - (uint)'0' : 0);
        zone = digits[count..];
        return true;
    }
}
