using Clew.Model;

namespace Clew.TraceQL.Syntax;

/// <summary>Durations as Prometheus writes them (<c>1d12h</c>, <c>1h30m</c>), else as Go does (<c>1.5s</c>, <c>3µs</c>).</summary>
static class DurationText
{
    static readonly (string Unit, long Nanos)[] Units =
    [
        ("y", 365 * 86_400_000_000_000), ("w", 7 * 86_400_000_000_000), ("d", 86_400_000_000_000), ("h", 3_600_000_000_000),
        ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000),
    ];

    public static bool IsUnitLetter(char character) => character is 'n' or 'u' or 'µ' or 'μ' or 'm' or 's' or 'h' or 'd' or 'w' or 'y';

    public static bool TryParse(string text, out long nanos)
    {
        if (TryParsePrometheus(text, out nanos))
            return true;
        var parsed = GoDuration.TryParse(text, out var size);
        nanos = (long)size;
        return parsed;
    }

    /// <summary>Whole numbers with units, each unit smaller than the one before.</summary>
    static bool TryParsePrometheus(ReadOnlySpan<char> rest, out long nanos)
    {
        nanos = 0;
        var total = UInt128.Zero;
        for (var unit = 0; !rest.IsEmpty; unit++)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || !ulong.TryParse(rest[..digits], out var number))
                return false;
            rest = rest[digits..];
            var end = rest.IndexOfAnyInRange('0', '9');
            var name = end < 0 ? rest : rest[..end];
            while (unit < Units.Length && !name.SequenceEqual(Units[unit].Unit))
                unit++;
            if (unit == Units.Length)
                return false;
            total += (UInt128)number * (ulong)Units[unit].Nanos;
            rest = rest[name.Length..];
        }

        nanos = (long)total;
        return total <= long.MaxValue;
    }
}
