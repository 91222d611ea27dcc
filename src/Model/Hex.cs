namespace Clew.Model;

/// <summary>Identities in text: up to 16 hexadecimal digits, nothing else (no sign, no spaces, no prefix).</summary>
internal static class Hex
{
    public static bool TryParse(ReadOnlySpan<char> digits, out ulong value)
    {
        value = 0;
        if (digits.IsEmpty || digits.Length > 16)
            return false;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiHexDigit(digit))
                return false;
            value = (value << 4) | (uint)(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return true;
    }
}
