namespace Clew.TraceQL.Syntax;

/// <summary>A piece of a query's text.</summary>
/// <param name="Start">Its first character in the text; <paramref name="End"/> is the one after its last.</param>
readonly record struct Token(TokenKind Kind, TextPosition At, int Start, int End)
{
    /// <summary>Of an identifier the identifier, of an attribute its name, of what is invalid the reason.</summary>
    public string Text { get; init; } = "";

    /// <summary>Of a literal.</summary>
    public Value Value { get; init; }

    /// <summary>Of an attribute.</summary>
    public AttributeScope Scope { get; init; }

    /// <summary>Of an intrinsic.</summary>
    public Intrinsic Intrinsic { get; init; }

    public bool IsIdentifier(string name) => Kind == TokenKind.Identifier && Text == name;
}
