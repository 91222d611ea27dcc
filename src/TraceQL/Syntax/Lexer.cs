using Clew.Model;

namespace Clew.TraceQL.Syntax;

/// <summary>Takes a query's text apart into tokens, one at a time.</summary>
sealed class Lexer(string text)
{
    int _at;
    int _line = 1;
    int _lineStart;
    int _counted;

    /// <summary>The next token; <see cref="TokenKind.End"/> at the end, and again whenever asked.</summary>
    public Token Next()
    {
        if (SkipBlanks() is { } unclosed)
            return unclosed;
        var start = _at;
        var place = Place(start);
        if (_at >= text.Length)
            return new Token(TokenKind.End, place, start, start);
        var token = Read();
        return token with { At = token.Kind == TokenKind.Invalid ? Place(Math.Max(token.Start, start)) : place, Start = start, End = _at };
    }

    TextPosition Place(int offset)
    {
        for (; _counted < offset; _counted++)
        {
            if (text[_counted] != '\n')
                continue;
            _line++;
            _lineStart = _counted + 1;
        }

        return new TextPosition(_line, offset - _lineStart + 1);
    }

    /// <summary>Past white space and comments. Returns a token only for a comment without end.</summary>
    Token? SkipBlanks()
    {
        while (_at < text.Length)
        {
            if (char.IsWhiteSpace(text[_at]))
            {
                _at++;
                continue;
            }

            var rest = text.AsSpan(_at);
            if (rest.StartsWith("//"))
            {
                var line = rest.IndexOf('\n');
                _at = line < 0 ? text.Length : _at + line;
            }
            else if (rest.StartsWith("/*"))
            {
                var end = rest[2..].IndexOf("*/");
                if (end < 0)
                    return new Token(TokenKind.Invalid, Place(_at), _at, text.Length) { Text = "the comment is not closed" };
                _at += end + 4;
            }
            else
            {
                break;
            }
        }

        return null;
    }

    Token Read()
    {
        var first = text[_at];
        if (char.IsAsciiDigit(first) || (first == '.' && _at + 1 < text.Length && char.IsAsciiDigit(text[_at + 1])))
            return ReadNumber();
        if (first is '"' or '`')
            return ReadString();
        if (first == '\'')
            return Invalid(_at, $"unexpected ''', expecting a text in double quotes or backquotes, as in \"{Excerpt.Of(SingleQuoted())}\"");
        if (first == '.')
            return ReadAttribute();
        if (char.IsLetter(first) || first == '_')
            return ReadWord();
        if (!Punctuation.TryFind(text.AsSpan(_at), out var kind, out var length))
            return Invalid(_at, first == '&' ? "unexpected '&', expecting '&&'" : $"unexpected {Shown(first)}");
        _at += length;
        return Of(kind);
    }

    static Token Of(TokenKind kind) => new(kind, default, 0, 0);

    static Token Invalid(int at, string problem) => new(TokenKind.Invalid, default, at, at) { Text = problem };

    static string Shown(char character) => char.IsControl(character) || char.IsSurrogate(character) ? $"the character U+{(int)character:X4}" : $"'{character}'";

    Token ReadNumber()
    {
        var start = _at;
        var value = NumberText.Read(text, ref _at, out var problem);
        return problem.Length == 0 ? Of(TokenKind.Literal) with { Value = value } : Invalid(start, problem);
    }

    Token ReadString()
    {
        var start = _at;
        if (StringText.TryRead(text, ref _at, out var value, out var problem))
            return Of(TokenKind.Literal) with { Value = Value.OfText(value) };
        return Invalid(problem.StartsWith("the string", StringComparison.Ordinal) ? start : _at, problem);
    }

    Token ReadAttribute()
    {
        _ = ScopeNames.TryFind(text.AsSpan(_at), out var scope);
        var prefix = ScopeNames.PrefixOf(scope);
        _at += prefix.Length;
        var start = _at;
        var name = AttributeName.Read(text, ref _at, out var problem);
        if (problem.Length > 0)
            return Invalid(_at, problem);
        return name.Length > 0 ? Of(TokenKind.Attribute) with { Scope = scope, Text = name }
            : Invalid(start, $"expecting the name of an attribute after '{prefix}'");
    }

    Token ReadWord()
    {
        if (ScopeNames.TryFind(text.AsSpan(_at), out _))
            return ReadAttribute();
        var start = _at;
        var word = TakeWord();
        var next = _at < text.Length ? text[_at] : ' ';
        if (next == '.')
            return Invalid(start, $"unknown scope '{Excerpt.Of(word)}.'{HintForScope(word, start)}");
        if (next != ':')
            return Of(TokenKind.Identifier) with { Text = word };
        _at++;
        var name = $"{word}:{TakeWord()}";
        return IntrinsicNames.TryFindScoped(name, out var intrinsic) ? Of(TokenKind.Intrinsic) with { Intrinsic = intrinsic }
            : Invalid(start, $"unknown intrinsic '{Excerpt.Of(name)}'{Suggestion.For(name, IntrinsicNames.Scoped)}");
    }

    string HintForScope(string word, int start)
    {
        var suggestion = Suggestion.For(word + ".", ScopeNames.Known);
        return suggestion.Length > 0 ? suggestion : FieldHints.ForAttribute(AttributeName.Read(text, ref start, out _));
    }

    // Up to the quote that closes it, where there is one.
    string SingleQuoted()
    {
        var end = text.IndexOf('\'', _at + 1);
        return end < 0 ? text[(_at + 1)..].TrimEnd(' ', '}') : text[(_at + 1)..end];
    }

    string TakeWord()
    {
        var start = _at;
        while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] == '_'))
            _at++;
        return text[start.._at];
    }
}
