namespace Clew.Model;

/// <summary>Durations as Prometheus writes them: <c>2w</c>, <c>1d12h</c>, <c>1h30m</c>.</summary>
public static class PrometheusDuration
{
    static readonly (string Unit, ulong Nanos)[] Units =
    [
        ("y", 365 * 86_400_000_000_000), ("w", 7 * 86_400_000_000_000), ("d", 86_400_000_000_000), ("h", 3_600_000_000_000),
        ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000),
    ];

    /// <summary>Parses whole numbers with units, each unit smaller than the one before.</summary>
    /// <param name="nanos">At most <see cref="long.MaxValue"/>, 292 years.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out ulong nanos)
    {
        nanos = 0;
        if (text.IsEmpty)
            return false;
        var total = UInt128.Zero;
        var rest = text;
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
            total += (UInt128)number * Units[unit].Nanos;
            rest = rest[name.Length..];
        }

        nanos = (ulong)total;
        return total <= long.MaxValue;
    }
}
