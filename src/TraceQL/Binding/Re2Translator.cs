using System.Globalization;
using System.Text;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Binding;

/// <summary>Reads one RE2 pattern and writes the .NET pattern of the same meaning.</summary>
/// <remarks>After a problem it is at the end of the pattern for good, so that all loops stop.</remarks>
sealed partial class Re2Translator(string pattern)
{
    const int NestingMax = 200;

    // A unit, and the first half of its pair if it is the second: text is well-formed, so no half stands alone.
    const string AnyCharacter = @"(?:[\uD800-\uDBFF]?[^\uD800-\uDBFF])";
    const string AnyButNewline = @"(?:[\uD800-\uDBFF]?[^\n\uD800-\uDBFF])";

    readonly StringBuilder _output = new();
    readonly HashSet<string> _names = [];
    Re2Flags _flags = Re2Flags.DotMatchesNewline;
    int _at;
    int _nesting;

    /// <summary>The first problem, or null.</summary>
    public string? Problem { get; private set; }

    public string Translate(out int size)
    {
        size = ReadAlternatives().Size;
        if (_at < pattern.Length)
            Fail("there is a ')' without a '('");
        return _output.ToString();
    }

    bool IsAtEnd => _at >= pattern.Length;

    void Fail(string problem)
    {
        Problem ??= problem;
        _at = pattern.Length;
    }

    /// <summary>Up to the closing parenthesis or the end. Flags set inside end with it.</summary>
    Cost ReadAlternatives()
    {
        var flags = _flags;
        var total = new Cost(1, 1);
        while (!IsAtEnd && pattern[_at] != ')')
        {
            if (pattern[_at] == '|')
            {
                _at++;
                _output.Append('|');
            }
            else
            {
                total = total.And(ReadRepeated());
            }

            if (total.Size > Re2Pattern.SizeMax)
                Fail($"with its repetitions written out the pattern is longer than {Re2Pattern.SizeMax}");
        }

        _flags = flags;
        return total;
    }

    /// <summary>One atom and what says how often.</summary>
    Cost ReadRepeated()
    {
        var start = _output.Length;
        var from = _at;
        if (pattern[_at] is '*' or '+' or '?' || TryReadCounts(out _, out _))
        {
            Fail($"nothing stands before the repetition '{Excerpt.Of(pattern[from..Math.Max(_at, from + 1)])}'");
            return default;
        }

        var isFlags = IsAtFlags();
        var cost = ReadAtom(ref start);
        var isRepeated = false;
        while (!IsAtEnd && Problem is null)
        {
            from = _at;
            if (!TryReadRepetition(out var min, out var max))
                break;
            if (isRepeated || isFlags)
            {
                Fail(isFlags ? $"nothing stands before the repetition '{Excerpt.Of(pattern[from.._at])}'" : $"a repetition cannot be repeated: '{Excerpt.Of(pattern[from.._at])}'");
                break;
            }

            isRepeated = true;
            cost = Repeat(start, cost, min, max, pattern[from.._at]);
        }

        return cost;
    }

    /// <param name="max">-1 means without end.</param>
    Cost Repeat(int start, Cost cost, int min, int max, string written)
    {
        var times = Math.Max(min, max);
        if (times > 1 && cost.Repetitions * times > Re2Pattern.RepetitionMax)
            Fail($"the repetition '{Excerpt.Of(written)}' is too large: at most {Re2Pattern.RepetitionMax} times, those inside each other multiplied");
        // Any number of any characters needs no look at which units are a pair.
        if (written[0] == '*' && _output.Length - start == AnyCharacter.Length && _output.ToString(start, AnyCharacter.Length) == AnyCharacter)
            _output.Remove(start, AnyCharacter.Length).Append(@"[\s\S]");
        else
            _output.Insert(start, "(?:").Append(')');
        _output.Append(CultureInfo.InvariantCulture, $"{{{min},{(max < 0 ? "" : max.ToString(CultureInfo.InvariantCulture))}}}");
        return new Cost(cost.Size * Math.Max(times, 1), times > 1 ? cost.Repetitions * times : cost.Repetitions);
    }

    bool TryReadRepetition(out int min, out int max)
    {
        (min, max) = pattern[_at] switch { '*' => (0, -1), '+' => (1, -1), '?' => (0, 1), _ => (0, 0) };
        if (max != 0)
            _at++;
        else if (!TryReadCounts(out min, out max))
            return false;
        // Lazy or not: the same texts match as a whole.
        if (!IsAtEnd && pattern[_at] == '?')
            _at++;
        return true;
    }

    /// <summary><c>{2}</c>, <c>{2,}</c>, <c>{2,3}</c>; any other brace is a brace.</summary>
    bool TryReadCounts(out int min, out int max)
    {
        (min, max) = (0, 0);
        var end = pattern.IndexOf('}', _at);
        if (pattern[_at] != '{' || end < 0)
            return false;
        var inside = pattern.AsSpan(_at + 1, end - _at - 1);
        var comma = inside.IndexOf(',');
        var first = comma < 0 ? inside : inside[..comma];
        var second = comma < 0 ? first : inside[(comma + 1)..];
        if (!IsCount(first, out min) || !(second.IsEmpty || IsCount(second, out max)))
            return false;
        if (second.IsEmpty)
            max = -1;
        if (min > Re2Pattern.RepetitionMax || max > Re2Pattern.RepetitionMax || (max >= 0 && max < min))
            Fail($"the repetition '{{{Excerpt.Of(inside.ToString())}}}' is not one: at most {Re2Pattern.RepetitionMax} times, and the smaller number first");
        else
            _at = end + 1;
        return true;
    }

    static bool IsCount(ReadOnlySpan<char> digits, out int count)
    {
        count = int.MaxValue;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9') || (digits.Length > 1 && digits[0] == '0'))
            return false;
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out count))
            count = int.MaxValue;
        return true;
    }

    /// <param name="start">Where the atom begins in the output; moves when only its end is the atom.</param>
    Cost ReadAtom(ref int start)
    {
        var isMultiline = _flags.HasFlag(Re2Flags.Multiline);
        switch (pattern[_at])
        {
            case '(':
                return ReadGroup();
            case '[':
                return Write(ReadClass());
            case '\\':
                return ReadEscape(ref start);
            case '.':
                _at++;
                return Write(_flags.HasFlag(Re2Flags.DotMatchesNewline) ? AnyCharacter : AnyButNewline, size: 2);
            case '^':
                _at++;
                return Write(isMultiline ? "(?m:^)" : @"\A");
            case '$':
                _at++;
                return Write(isMultiline ? "(?m:$)" : @"\z");
            default:
                return Write(Re2Set.Literal(TakeRune(), IsCaseless));
        }
    }

    bool IsCaseless => _flags.HasFlag(Re2Flags.IgnoreCase);

    Cost Write(string translated, int size = 1)
    {
        _output.Append(translated);
        return new Cost(size, 1);
    }

    Cost Write(Re2Set set) => Write(set.Write(IsCaseless), set.Size);

    int TakeRune()
    {
        var rune = Rune.TryGetRuneAt(pattern, _at, out var whole) ? whole : Rune.ReplacementChar;
        _at += rune.Utf16SequenceLength;
        return rune.Value;
    }

    /// <summary>At <c>(?i)</c> or the like, which is no group.</summary>
    bool IsAtFlags()
    {
        if (!pattern.AsSpan(_at).StartsWith("(?"))
            return false;
        var letters = pattern.AsSpan(_at + 2);
        var end = letters.IndexOfAnyExcept("imsU-");
        return end >= 0 && letters[end] == ')';
    }

    Cost ReadGroup()
    {
        var outer = _flags;
        var isFlags = IsAtFlags();
        _at++;
        if (!IsAtEnd && pattern[_at] == '?')
            ReadGroupHead();
        if (isFlags || Problem is not null)
            return new Cost(0, 1);
        if (++_nesting > NestingMax)
            Fail($"the pattern is nested too deeply: at most {NestingMax} levels are read");
        _output.Append("(?:");
        var cost = ReadAlternatives();
        _output.Append(')');
        _flags = outer;
        _nesting--;
        if (IsAtEnd)
            Fail("a '(' is not closed");
        else
            _at++;
        return cost;
    }

    /// <summary>From the question mark to where the group's content begins, or behind the flags.</summary>
    void ReadGroupHead()
    {
        var rest = pattern.AsSpan(_at + 1);
        if (rest.StartsWith("=") || rest.StartsWith("!") || rest.StartsWith("<=") || rest.StartsWith("<!"))
            Fail("lookahead and lookbehind are not part of RE2");
        else if (rest.StartsWith("P<") || rest.StartsWith("<"))
            ReadName(_at + (rest[0] == 'P' ? 3 : 2));
        else
            ReadFlags();
    }

    void ReadName(int start)
    {
        var end = pattern.IndexOf('>', start);
        var name = end < 0 ? "" : pattern[start..end];
        if (name.Length == 0 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
            Fail("the name of a group consists of letters, digits and underscores, as in (?P<name>…)");
        else if (!_names.Add(name))
            Fail($"two groups have the name '{Excerpt.Of(name)}'");
        else
            _at = end + 1;
    }

    void ReadFlags()
    {
        var isSet = true;
        for (_at++; !IsAtEnd && pattern[_at] is not (':' or ')'); _at++)
        {
            var flag = pattern[_at] switch { 'i' => Re2Flags.IgnoreCase, 'm' => Re2Flags.Multiline, 's' => Re2Flags.DotMatchesNewline, 'U' => Re2Flags.Ungreedy, _ => Re2Flags.None };
            if (pattern[_at] == '-' && isSet)
                isSet = false;
            else if (flag == Re2Flags.None)
                Fail($"'(?{pattern[_at]}' is not part of RE2: the flags are i, m, s and U");
            else
                _flags = isSet ? _flags | flag : _flags & ~flag;
        }

        if (IsAtEnd)
            Fail("a '(' is not closed");
        else
            _at++;
    }

    /// <param name="Size">Characters with all repetitions written out.</param>
    /// <param name="Repetitions">The largest product of counts inside each other.</param>
    readonly record struct Cost(int Size, int Repetitions)
    {
        public Cost And(Cost other) => new(Size + other.Size, Math.Max(Repetitions, other.Repetitions));
    }
}
