using System.Globalization;

namespace Clew.TraceQL.Syntax;

/// <summary>The tokens of a query, one ahead, and the first problem anybody had with them.</summary>
/// <remarks>After a problem the stream is at its end for good. So parsers go on without looking: every loop stops at the end, and what they built is thrown away.</remarks>
sealed class TokenStream
{
    /// <summary>Longer texts are refused.</summary>
    public const int TextLengthMax = 64 * 1024;

    /// <summary>Parentheses and unary operators inside each other.</summary>
    public const int NestingMax = 200;

    /// <summary>Operators of one query inside of braces. Bounds the height of the tree, and so the recursion of all who walk it.</summary>
    public const int OperatorsMax = 1_000;

    /// <summary>The same outside of braces, where each costs more to walk and much more to evaluate.</summary>
    public const int OuterOperatorsMax = 200;

    readonly string _text;
    readonly Lexer _lexer;
    int _nesting;
    int _operators;
    int _outerOperators;

    public TokenStream(string text)
    {
        _text = text;
        _lexer = new Lexer(text);
        Current = new Token(TokenKind.End, new TextPosition(1, 1), 0, 0);
        if (text.Length > TextLengthMax)
            Fail(Current.At, $"a query of {text.Length} characters is too long: at most {TextLengthMax} are read");
        else
            Advance();
    }

    public Token Current { get; private set; }

    public QueryError? Error { get; private set; }

    public void Advance()
    {
        if (Error is not null)
            return;
        Current = _lexer.Next();
        if (Current.Kind == TokenKind.Invalid)
            Fail(Current.At, Current.Text);
    }

    /// <summary>Takes the current token.</summary>
    public Token Take()
    {
        var token = Current;
        Advance();
        return token;
    }

    public bool TryTake(TokenKind kind)
    {
        if (Current.Kind != kind)
            return false;
        Advance();
        return true;
    }

    public void Expect(TokenKind kind)
    {
        if (!TryTake(kind))
            FailUnexpected($"'{Punctuation.TextOf(kind)}'");
    }

    public void Fail(TextPosition at, string problem)
    {
        if (Error is not null)
            return;
        Error = new QueryError(at, problem) { IsSyntax = true };
        Current = new Token(TokenKind.End, at, _text.Length, _text.Length);
    }

    /// <summary>The current token cannot stand here.</summary>
    public void FailUnexpected(string expecting) => FailUnexpected(Current, expecting);

    public void FailUnexpected(Token token, string expecting) => Fail(token.At, $"unexpected {Describe(token)}, expecting {expecting}");

    /// <summary>One level deeper; to be followed by <see cref="Leave"/>.</summary>
    public void Enter()
    {
        if (++_nesting > NestingMax)
            Fail(Current.At, $"the query is nested too deeply: at most {NestingMax.ToString(CultureInfo.InvariantCulture)} levels are read");
    }

    public void Leave() => _nesting--;

    public void CountOperator(TextPosition at)
    {
        if (++_operators > OperatorsMax)
            Fail(at, $"the query is too long: at most {OperatorsMax.ToString(CultureInfo.InvariantCulture)} operators are read");
    }

    public void CountOuterOperator(TextPosition at)
    {
        if (++_outerOperators > OuterOperatorsMax)
            Fail(at, $"the query is too long: at most {OuterOperatorsMax.ToString(CultureInfo.InvariantCulture)} operators outside of braces are read");
    }

    string Describe(Token token) =>
        token.Kind == TokenKind.End ? "end of query" : $"'{Excerpt.Of(_text[token.Start..token.End])}'";
}
