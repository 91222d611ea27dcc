using System.Buffers;
using System.Globalization;

namespace Clew.Server.Configuration;

/// <summary>Sizes in bytes as people write them: <c>64MiB</c>, <c>16MB</c>, <c>1.5GiB</c>, <c>4096</c>.</summary>
public static class SizeText
{
    static readonly SearchValues<char> NumberLetters = SearchValues.Create("0123456789._");

    static readonly (string Unit, long Bytes)[] Units =
    [
        ("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10),
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("B", 1),
    ];

    /// <summary>Reads a number with an optional unit of either case. The result is a whole number of bytes, or the text is refused.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long bytes)
    {
        bytes = 0;
        text = text.Trim();
        var digits = text.IndexOfAnyExcept(NumberLetters) is var end and >= 0 ? end : text.Length;
        var factor = 0L;
        var unit = text[digits..].TrimStart();
        if (unit.IsEmpty)
            factor = 1;
        foreach (var (name, unitBytes) in Units)
        {
            if (unit.Equals(name, StringComparison.OrdinalIgnoreCase))
                factor = unitBytes;
        }

        var plain = text[..digits].ToString().Replace("_", "", StringComparison.Ordinal);
        if (factor == 0 || !decimal.TryParse(plain, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > long.MaxValue / factor)
            return false;
        var exact = number * factor;
        bytes = (long)exact;
        return bytes == exact;
    }

    /// <summary>The largest binary unit that divides the size, else bytes: <c>64MiB</c>, <c>1536KiB</c>, <c>1000B</c>.</summary>
    public static string Format(long bytes)
    {
        foreach (var (unit, factor) in Units.AsSpan(0, 4))
        {
            if (bytes != 0 && bytes % factor == 0)
                return $"{bytes / factor}{unit}";
        }

        return $"{bytes}B";
    }
}
