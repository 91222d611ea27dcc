using System.Globalization;

namespace Clew.TraceQL.Syntax;

/// <summary>Numbers and durations: <c>1</c>, <c>0x1f</c>, <c>.5</c>, <c>1e3</c>, <c>1h30m</c>.</summary>
static class NumberText
{
    /// <summary>Reads the number that begins at <paramref name="at"/>, which moves behind all that belongs to it.</summary>
    /// <param name="problem">Why it is none; else empty.</param>
    public static Value Read(string text, ref int at, out string problem)
    {
        var start = at;
        if (text[at] == '0' && at + 1 < text.Length && (char)(text[at + 1] | 0x20) is 'x' or 'o' or 'b')
            return ReadOfBase(text, ref at, (char)(text[at + 1] | 0x20) switch { 'x' => 16, 'o' => 8, _ => 2 }, out problem);
        var isFloat = SkipDecimal(text, ref at);
        if (at < text.Length && DurationText.IsUnitLetter(text[at]))
            return ReadDuration(text, start, ref at, out problem);
        SkipWord(text, ref at);
        var written = text[start..at];
        problem = "";
        if (isFloat && double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out var real))
        {
            problem = double.IsInfinity(real) ? $"the number {Excerpt.Of(written)} is too large" : "";
            return Value.OfFloat(real);
        }

        if (!isFloat && written.All(char.IsAsciiDigit))
        {
            if (written is ['0', _, ..])
                problem = $"{Excerpt.Of(written)} begins with a zero: octal numbers are written 0o17";
            else if (!long.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var whole))
                problem = $"the integer {Excerpt.Of(written)} is too large: the largest is {long.MaxValue}";
            else
                return Value.OfInt(whole);
            return Value.Nil;
        }

        problem = $"{Excerpt.Of(written)} is no number and no duration";
        return Value.Nil;
    }

    /// <summary>Digits, a fraction, an exponent. Returns whether there was more than digits.</summary>
    static bool SkipDecimal(string text, ref int at)
    {
        SkipDigits(text, ref at);
        var isFloat = false;
        if (at < text.Length && text[at] == '.')
        {
            isFloat = true;
            at++;
            SkipDigits(text, ref at);
        }

        if (at < text.Length && text[at] is 'e' or 'E')
        {
            var exponent = at + 1;
            if (exponent < text.Length && text[exponent] is '+' or '-')
                exponent++;
            if (exponent < text.Length && char.IsAsciiDigit(text[exponent]))
            {
                isFloat = true;
                at = exponent;
                SkipDigits(text, ref at);
            }
        }

        return isFloat;
    }

    static void SkipDigits(string text, ref int at)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
    }

    // What hangs on a number without a space was meant to belong to it.
    static void SkipWord(string text, ref int at)
    {
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '_'))
            at++;
    }

    static Value ReadDuration(string text, int start, ref int at, out string problem)
    {
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '.'))
            at++;
        var written = text[start..at];
        problem = DurationText.TryParse(written, out var nanos) ? ""
            : $"{Excerpt.Of(written)} is no duration: expecting a number with a unit (y, w, d, h, m, s, ms, us, ns) of at most 292 years, as in 1h30m or 1.5s";
        return Value.OfDuration(nanos);
    }

    static Value ReadOfBase(string text, ref int at, int numberBase, out string problem)
    {
        var start = at;
        at += 2;
        SkipWord(text, ref at);
        UInt128 number = 0;
        foreach (var letter in text.AsSpan(start + 2, at - start - 2))
        {
            var digit = char.IsAsciiHexDigit(letter) ? Convert.ToInt32(letter.ToString(), 16) : numberBase;
            number = digit >= numberBase ? UInt128.MaxValue : (number * (uint)numberBase) + (uint)digit;
            if (number > long.MaxValue)
                break;
        }

        problem = number <= long.MaxValue && at > start + 2 ? ""
            : $"{Excerpt.Of(text[start..at])} is no integer: expecting digits of base {numberBase}, and at most {long.MaxValue}";
        return Value.OfInt(problem.Length == 0 ? (long)number : 0);
    }
}
