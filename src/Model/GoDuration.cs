using System.Buffers;
using System.Globalization;
using System.Text;

namespace Clew.Model;

/// <summary>Durations as Go writes them, which is how Jaeger and everything around it does: <c>1h3m</c>, <c>1.5s</c>, <c>100ms</c>, <c>500us</c>.</summary>
public static class GoDuration
{
    static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    static readonly (string Unit, long Nanos)[] Units =
        [("ns", 1), ("us", 1_000), ("µs", 1_000), ("μs", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000)];

    /// <summary>Parses a duration of zero or more; several numbers with their units add up.</summary>
    /// <param name="nanos">At most <see cref="long.MaxValue"/>, 292 years.</param>
    public static bool TryParse(string? text, out ulong nanos)
    {
        nanos = 0;
        var rest = text.AsSpan();
        if (rest is "0")
            return true;
        if (rest.IsEmpty)
            return false;
        var total = 0m;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || digits > 20 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return false;
            rest = rest[digits..];
            var letters = rest.IndexOfAny(Digits);
            var unit = letters < 0 ? rest : rest[..letters];
            if (NanosOf(unit) is not { } nanosPerUnit)
                return false;
            // Checked before multiplying: twenty digits of hours are more than even a decimal holds.
            if (number > (long.MaxValue / nanosPerUnit) + 1m)
                return false;
            total += number * nanosPerUnit;
            if (total > long.MaxValue)
                return false;
            rest = rest[unit.Length..];
        }

        nanos = (ulong)total;
        return true;
    }

    /// <summary>As Go prints it: the largest unit below a second, else hours, minutes and seconds.</summary>
    public static string Format(long nanos)
    {
        if (nanos == 0)
            return "0s";
        var sign = nanos < 0 ? "-" : "";
        var size = nanos == long.MinValue ? (ulong)long.MaxValue + 1 : (ulong)Math.Abs(nanos);
        if (size < 1_000)
            return $"{sign}{size}ns";
        if (size < 1_000_000)
            return $"{sign}{Decimal(size, 1_000)}µs";
        if (size < 1_000_000_000)
            return $"{sign}{Decimal(size, 1_000_000)}ms";
        var text = new StringBuilder(sign);
        var minutes = size / 60_000_000_000;
        if (minutes >= 60)
            text.Append(minutes / 60).Append('h');
        if (minutes > 0)
            text.Append(minutes % 60).Append('m');
        return text.Append(Decimal(size % 60_000_000_000, 1_000_000_000)).Append('s').ToString();
    }

    static string Decimal(ulong size, ulong unit) => ((decimal)size / unit).ToString("0.#########", CultureInfo.InvariantCulture);

    static long? NanosOf(ReadOnlySpan<char> unit)
    {
        foreach (var (name, nanos) in Units)
        {
            if (unit.SequenceEqual(name))
                return nanos;
        }

        return null;
    }
}
