using System.Globalization;
using System.Text;

namespace Clew.TraceQL.Syntax;

/// <summary>Strings as Go writes them: <c>"with escapes"</c> or <c>`raw`</c>.</summary>
static class StringText
{
    /// <summary>Reads the string that begins at <paramref name="at"/>, which moves behind it, or to the place of the problem.</summary>
    public static bool TryRead(string text, ref int at, out string value, out string problem)
    {
        problem = "";
        if (text[at] == '`')
            return TryReadRaw(text, ref at, out value, out problem);
        var content = new Content();
        for (at++; at < text.Length && text[at] != '\n'; at++)
        {
            if (text[at] == '"')
            {
                at++;
                value = content.ToString();
                return true;
            }

            if (text[at] != '\\')
                content.Add(text[at]);
            else if (!TryReadEscape(text, ref at, content))
                return Fails("an escape that does not exist in a string; a backslash itself is \\\\, or use `backquotes`", out value, out problem);
        }

        return Fails("the string is not closed", out value, out problem);
    }

    static bool TryReadRaw(string text, ref int at, out string value, out string problem)
    {
        problem = "";
        var end = text.IndexOf('`', at + 1);
        if (end < 0)
            return Fails("the string is not closed", out value, out problem);
        value = text[(at + 1)..end];
        at = end + 1;
        return true;
    }

    static bool Fails(string reason, out string value, out string problem)
    {
        (value, problem) = ("", reason);
        return false;
    }

    /// <summary>At the backslash; leaves <paramref name="at"/> at the last character of the escape, or where it was.</summary>
    static bool TryReadEscape(string text, ref int at, Content content)
    {
        if (at + 1 >= text.Length)
            return false;
        var letter = text[at + 1];
        const string Letters = "abfnrtv\\\"";
        var known = Letters.IndexOf(letter);
        if (known >= 0)
        {
            content.Add("\a\b\f\n\r\t\v\\\""[known]);
            at++;
            return true;
        }

        var (from, digits) = letter switch { 'x' => (at + 2, 2), 'u' => (at + 2, 4), 'U' => (at + 2, 8), >= '0' and <= '7' => (at + 1, 3), _ => (at, 0) };
        if (digits == 0 || from + digits > text.Length || !TryReadNumber(text.AsSpan(from, digits), isOctal: digits == 3, out var number))
            return false;
        if (!(digits > 3 ? content.TryAddRune(number) : content.TryAddByte(number)))
            return false;
        at = from + digits - 1;
        return true;
    }

    static bool TryReadNumber(ReadOnlySpan<char> digits, bool isOctal, out uint number)
    {
        number = 0;
        if (!isOctal)
            return uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
        foreach (var digit in digits)
        {
            if (digit is < '0' or > '7')
                return false;
            number = (number * 8) + digit - '0';
        }

        return true;
    }

    /// <summary>In backquotes, or, where these cannot say it, in quotes.</summary>
    public static string Write(string value)
    {
        if (!value.Any(character => character == '`' || char.IsControl(character)))
            return $"`{value}`";
        var text = new StringBuilder("\"");
        foreach (var character in value)
        {
            _ = character switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                _ when char.IsControl(character) => text.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(character),
            };
        }

        return text.Append('"').ToString();
    }

    /// <summary>Characters, and bytes of UTF-8 that were written one by one.</summary>
    sealed class Content
    {
        readonly StringBuilder _text = new();
        readonly List<byte> _bytes = [];

        public void Add(char character)
        {
            FlushBytes();
            _text.Append(character);
        }

        public bool TryAddByte(uint value)
        {
            if (value > byte.MaxValue)
                return false;
            _bytes.Add((byte)value);
            return true;
        }

        public bool TryAddRune(uint value)
        {
            if (!Rune.IsValid(value))
                return false;
            FlushBytes();
            _text.Append(new Rune(value).ToString());
            return true;
        }

        void FlushBytes()
        {
            if (_bytes.Count == 0)
                return;
            _text.Append(Encoding.UTF8.GetString([.. _bytes]));
            _bytes.Clear();
        }

        public override string ToString()
        {
            FlushBytes();
            return _text.ToString();
        }
    }
}
