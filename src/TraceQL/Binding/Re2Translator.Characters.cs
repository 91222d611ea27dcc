using System.Globalization;
using System.Text;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Binding;

/// <summary>Escapes and classes.</summary>
sealed partial class Re2Translator
{
    Cost ReadEscape(ref int start)
    {
        var letter = _at + 1 < pattern.Length ? pattern[_at + 1] : '\0';
        if (letter is 'A' or 'z' or 'b' or 'B')
        {
            _at += 2;
            return Write($@"\{letter}");
        }

        if (letter == 'Q')
            return ReadQuoted(ref start);
        if (TryReadNamedSet(out var set))
            return Write(set);
        return Write(Re2Set.Literal(ReadEscapedRune(), IsCaseless));
    }

    /// <summary><c>\Q…\E</c>: a repetition behind it means the last character.</summary>
    Cost ReadQuoted(ref int start)
    {
        _at += 2;
        var end = pattern.IndexOf(@"\E", _at, StringComparison.Ordinal);
        var next = end < 0 ? pattern.Length : end + 2;
        end = end < 0 ? pattern.Length : end;
        var size = 0;
        while (_at < end)
        {
            start = _output.Length;
            size += Write(Re2Set.Literal(TakeRune(), IsCaseless)).Size;
        }

        _at = next;
        return new Cost(size, 1);
    }

    /// <summary><c>\d</c>, <c>\pL</c>, <c>\P{Lu}</c>.</summary>
    bool TryReadNamedSet(out Re2Set set)
    {
        set = new Re2Set();
        var letter = _at + 1 < pattern.Length ? pattern[_at + 1] : '\0';
        if (Re2Classes.TryFindPerl(char.ToLowerInvariant(letter), out var ranges))
        {
            set.Add(ranges, isComplement: char.IsAsciiLetterUpper(letter));
            _at += 2;
            return true;
        }

        if (letter is not ('p' or 'P') || _at + 2 >= pattern.Length)
            return false;
        var close = pattern.IndexOf('}', _at);
        var isBraced = pattern[_at + 2] == '{';
        var name = !isBraced ? pattern.Substring(_at + 2, 1) : close < 0 ? "" : pattern[(_at + 3)..close];
        var isComplement = (letter == 'P') ^ name.StartsWith('^');
        name = name.TrimStart('^');
        if (!Re2Classes.IsCategory(name))
            Fail($"the class \\{letter}{{{Excerpt.Of(name)}}} is not supported: general categories are, such as \\pL and \\p{{Lu}}");
        else
            _at = isBraced ? close + 1 : _at + 3;
        set.AddCategory(name, isComplement);
        return true;
    }

    Re2Set ReadClass()
    {
        var set = new Re2Set();
        _at++;
        if (!IsAtEnd && pattern[_at] == '^')
        {
            _at++;
            set.IsNegated = true;
        }

        for (var isFirst = true; !IsAtEnd && (isFirst || pattern[_at] != ']'); isFirst = false)
        {
            if (!TryReadPosixClass(set))
                ReadClassItem(set);
        }

        if (IsAtEnd)
            Fail("a '[' is not closed");
        else
            _at++;
        return set;
    }

    /// <summary><c>[:alpha:]</c>, <c>[:^alpha:]</c>.</summary>
    bool TryReadPosixClass(Re2Set set)
    {
        var end = pattern.AsSpan(_at).StartsWith("[:") ? pattern.IndexOf(":]", _at + 2, StringComparison.Ordinal) : -1;
        if (end < 0)
            return false;
        var name = pattern[(_at + 2)..end];
        if (Re2Classes.TryFindPosix(name.StartsWith('^') ? name[1..] : name, out var ranges))
            set.Add(ranges, isComplement: name.StartsWith('^'));
        else
            Fail($"there is no class [:{Excerpt.Of(name)}:]");
        if (Problem is null)
            _at = end + 2;
        return true;
    }

    void ReadClassItem(Re2Set set)
    {
        if (pattern[_at] == '\\' && TryReadNamedSet(out var named))
        {
            set.Add(named);
            return;
        }

        var from = ReadClassRune();
        var to = from;
        if (_at + 1 < pattern.Length && pattern[_at] == '-' && pattern[_at + 1] != ']')
        {
            _at++;
            to = ReadClassRune();
        }

        if (to < from)
            Fail("a range in a class runs backwards");
        set.Add(from, to);
    }

    int ReadClassRune() => pattern[_at] == '\\' ? ReadEscapedRune() : TakeRune();

    /// <summary>An escape that stands for one character.</summary>
    int ReadEscapedRune()
    {
        if (_at + 1 >= pattern.Length)
        {
            Fail("a backslash stands at the end");
            return 0;
        }

        var letter = pattern[_at + 1];
        const string Letters = "afnrtv";
        var known = Letters.IndexOf(letter);
        if (known >= 0 || (char.IsAscii(letter) && !char.IsAsciiLetterOrDigit(letter)))
        {
            _at += 2;
            return known >= 0 ? "\a\f\n\r\t\v"[known] : letter;
        }

        if (letter == 'x')
            return ReadHex();
        // A digit alone would be a back reference.
        var isOctal = letter == '0' || (letter is >= '1' and <= '7' && _at + 2 < pattern.Length && pattern[_at + 2] is >= '0' and <= '7');
        if (isOctal)
            return ReadOctal();
        Fail(char.IsAsciiDigit(letter) ? "back references are not part of RE2" : $"'\\{letter}' is not part of RE2");
        return 0;
    }

    int ReadOctal()
    {
        var value = 0;
        _at++;
        for (var count = 0; count < 3 && !IsAtEnd && pattern[_at] is >= '0' and <= '7'; count++)
            value = (value * 8) + pattern[_at++] - '0';
        return value;
    }

    int ReadHex()
    {
        var start = _at + 2;
        var isBraced = start < pattern.Length && pattern[start] == '{';
        var end = isBraced ? pattern.IndexOf('}', start) : Math.Min(start + 2, pattern.Length);
        var digits = end < 0 ? "" : pattern[(isBraced ? start + 1 : start)..end];
        if (!int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || !Rune.IsValid(value) || (!isBraced && digits.Length < 2))
        {
            Fail("\\x is followed by two hexadecimal digits, or by braces with a code point of Unicode in them");
            return 0;
        }

        _at = isBraced ? end + 1 : end;
        return value;
    }
}
