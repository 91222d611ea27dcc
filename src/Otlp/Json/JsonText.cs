using System.Buffers;
using System.Text;

namespace Clew.Otlp.Json;

/// <summary>The content of JSON strings that contain escapes.</summary>
internal static class JsonText
{
    /// <summary>Resolves the escapes of a string whose syntax was checked by the reader.</summary>
    /// <param name="target">At least as long as <paramref name="escaped"/>.</param>
    /// <param name="repaired">Half a surrogate pair was escaped alone, which no UTF-8 can express, and became U+FFFD.</param>
    /// <returns>The number of bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> escaped, Span<byte> target, out bool repaired)
    {
        repaired = false;
        var written = 0;
        while (escaped.IndexOf((byte)'\\') is var plain and >= 0)
        {
            escaped[..plain].CopyTo(target[written..]);
            written += plain;
            var escape = escaped[plain + 1];
            escaped = escaped[(plain + 2)..];
            if (escape != (byte)'u')
            {
                target[written++] = Single(escape);
                continue;
            }

            var rune = TakeRune(ref escaped, ref repaired);
            written += rune.EncodeToUtf8(target[written..]);
        }

        escaped.CopyTo(target[written..]);
        return written + escaped.Length;
    }

    // The reader guarantees four digits behind each u.
    static Rune TakeRune(ref ReadOnlySpan<byte> digits, ref bool repaired)
    {
        var first = TakeUnit(ref digits);
        if (Rune.TryCreate(first, out var rune))
            return rune;
        if (char.IsHighSurrogate(first) && digits.StartsWith("\\u"u8))
        {
            var rest = digits[2..];
            if (Rune.TryCreate(first, TakeUnit(ref rest), out rune))
            {
                digits = rest;
                return rune;
            }
        }

        repaired = true;
        return Rune.ReplacementChar;
    }

    static char TakeUnit(ref ReadOnlySpan<byte> digits)
    {
        var unit = 0;
        foreach (var digit in digits[..4])
            unit = (unit << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        digits = digits[4..];
        return (char)unit;
    }

    static byte Single(byte escape) => escape switch
    {
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        _ => escape,
    };

    /// <summary>Decodes base64 of either alphabet, padded or not.</summary>
    /// <returns>The number of bytes written to <paramref name="target"/>, which is at least as long as the text and 3; -1 when it is not base64.</returns>
    public static int DecodeBase64(ReadOnlySpan<byte> text, Span<byte> target)
    {
        text = text.TrimEnd((byte)'=');
        text.CopyTo(target);
        var standard = target[..text.Length];
        standard.Replace((byte)'-', (byte)'+');
        standard.Replace((byte)'_', (byte)'/');
        var padding = (4 - (text.Length % 4)) % 4;
        if (padding == 3)
            return -1;
        target.Slice(text.Length, padding).Fill((byte)'=');
        return System.Buffers.Text.Base64.DecodeFromUtf8InPlace(target[..(text.Length + padding)], out var written) == OperationStatus.Done ? written : -1;
    }
}
