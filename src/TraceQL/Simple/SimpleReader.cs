using System.Buffers;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Simple;

/// <summary>Takes the simple form apart into its conditions, up to the end or the first <c>|</c>.</summary>
internal sealed class SimpleReader(string text)
{
    static readonly SearchValues<char> KeyEnds = SearchValues.Create("=!<>~\"'`|");

    static readonly (string Text, BinaryOperator Comparison)[] Comparisons =
    [
        ("=~", BinaryOperator.Like), ("!~", BinaryOperator.NotLike), ("!=", BinaryOperator.NotEqual), (">=", BinaryOperator.GreaterOrEqual), ("<=", BinaryOperator.LessOrEqual),
        ("==", BinaryOperator.Equal), ("=", BinaryOperator.Equal), (">", BinaryOperator.Greater), ("<", BinaryOperator.Less),
    ];

    /// <summary>Where reading has come to; at the end, the length of the text or the place of the <c>|</c>.</summary>
    public int Offset { get; private set; }

    /// <summary>Why reading ended early; null while it did not.</summary>
    public QueryError? Error { get; private set; }

    /// <returns>Null at the end, or on an <see cref="Error"/>.</returns>
    public SimpleTerm? Read()
    {
        SkipBlanks();
        SkipAnd();
        if (Offset == text.Length || IsPipe())
            return null;
        var start = Offset;
        if (text[start] is '{' or '}' or '(' or ')')
            return Fail(start, $"'{text[start]}' belongs to TraceQL: begin the query with {{, as in {{ .a = 1 || .b = 2 }}; or quote it");
        if (IsWord("not") || text[start] == '-')
            return Fail(start, "what must not hold is written with !=, as in service!=kv-cache; or quote it to look for it in names");
        if (IsWord("||") || IsWord("or"))
            return Fail(start, "conditions next to each other must all hold; for 'or' write TraceQL, as in { .a = 1 || .b = 2 }");
        if (!TryReadPart(isValue: false, out var key, out var isKeyQuoted))
            return null;
        var end = Offset;
        SkipBlanks();
        if (FindComparison() is not { } found)
        {
            Offset = end;
            return key.Length > 0 || isKeyQuoted
                ? new SimpleTerm(TextPlace.Of(text, start), null, isKeyQuoted, BinaryOperator.Equal, key, isKeyQuoted, TextPlace.Of(text, start))
                : Fail(start, $"nothing can begin with {text[start]}: expecting key=value or a word");
        }

        return key.Length == 0 ? Fail(start, $"there is no key before {found.Text}") : ReadValue(start, key, isKeyQuoted, found);
    }

    SimpleTerm? ReadValue(int start, string key, bool isKeyQuoted, (string Text, BinaryOperator Comparison) found)
    {
        Offset += found.Text.Length;
        SkipBlanks();
        var valueAt = Offset;
        if (Offset == text.Length || IsPipe())
            return Fail(valueAt, $"{key}{found.Text} has no value: write {key}{found.Text}VALUE, or {key}{found.Text}\"\" for an empty text");
        return TryReadPart(isValue: true, out var value, out var isQuoted)
            ? new SimpleTerm(TextPlace.Of(text, start), key, isKeyQuoted, found.Comparison, value, isQuoted, TextPlace.Of(text, valueAt))
            : null;
    }

    (string Text, BinaryOperator Comparison)? FindComparison()
    {
        foreach (var known in Comparisons)
        {
            if (text.AsSpan(Offset).StartsWith(known.Text))
                return known;
        }

        return null;
    }

    bool TryReadPart(bool isValue, out string part, out bool isQuoted)
    {
        var start = Offset;
        isQuoted = text[start] is '"' or '\'' or '`';
        if (isQuoted)
            return TryReadQuoted(isValue, out part);
        while (Offset < text.Length && !char.IsWhiteSpace(text[Offset]) && (isValue || !KeyEnds.Contains(text[Offset])))
            Offset++;
        part = text[start..Offset];
        return true;
    }

    bool TryReadQuoted(bool isValue, out string part)
    {
        var (start, at) = (Offset, Offset);
        string problem;
        if (text[at] == '\'')
        {
            var end = text.IndexOf('\'', at + 1);
            (part, problem, at) = end < 0 ? ("", "the string is not closed", at) : (text[(at + 1)..end], "", end + 1);
        }
        else
        {
            StringText.TryRead(text, ref at, out part, out problem);
        }

        Offset = at;
        if (problem.Length > 0)
            Fail(text.Length > at && text[at] == '\\' ? at : start, problem);
        else if (isValue && at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] != '|')
            Fail(at, "the text goes on behind its closing quote: put a blank there");
        return Error is null;
    }

    void SkipBlanks()
    {
        while (Offset < text.Length && char.IsWhiteSpace(text[Offset]))
            Offset++;
    }

    // It says what is meant anyway.
    void SkipAnd()
    {
        while (IsWord("and") || IsWord("&&"))
        {
            Offset += text[Offset] == '&' ? 2 : 3;
            SkipBlanks();
        }
    }

    bool IsPipe() => text[Offset] == '|' && !(Offset + 1 < text.Length && text[Offset + 1] == '|');

    bool IsWord(string word) =>
        text.AsSpan(Offset).StartsWith(word, StringComparison.OrdinalIgnoreCase) && (Offset + word.Length == text.Length || char.IsWhiteSpace(text[Offset + word.Length]));

    SimpleTerm? Fail(int offset, string message)
    {
        Error ??= new QueryError(TextPlace.Of(text, offset), message) { IsSyntax = true };
        return null;
    }
}
