namespace Clew.TraceQL.Syntax;

/// <summary>What a piece of a query's text is, before anybody asks what it means there.</summary>
enum TokenKind : byte
{
    End = 0,

    /// <summary>Not a token; <see cref="Token.Text"/> says why.</summary>
    Invalid,
    Identifier,

    /// <summary>A scope and a name: <c>span.http.method</c>, <c>.a</c>.</summary>
    Attribute,

    /// <summary>With its scope: <c>span:duration</c>.</summary>
    Intrinsic,

    /// <summary>A number, a duration or a string.</summary>
    Literal,
    OpenBrace, CloseBrace, OpenParen, CloseParen, Comma, Pipe,
    And, Or, Not,
    Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, Like,

    /// <summary><c>!~</c>: does not match, or, between spansets, is no sibling.</summary>
    NotLike,
    Add, Subtract, Multiply, Divide, Modulo, Power,
    Descendant, Ancestor, Sibling,
    NotChild, NotParent, NotDescendant, NotAncestor,
    UnionChild, UnionParent, UnionDescendant, UnionAncestor, UnionSibling,
}
