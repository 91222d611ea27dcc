namespace Clew.TraceQL.Syntax;

/// <summary>Why a text is no query.</summary>
/// <param name="At">Where; for a problem of meaning, where the part begins that has it.</param>
public sealed record QueryError(TextPosition At, string Message)
{
    /// <summary>The text does not follow the grammar; else it does, and yet means nothing, or nothing that is supported.</summary>
    public bool IsSyntax { get; init; }

    public override string ToString() => IsSyntax
        ? $"parse error at line {At.Line}, col {At.Column}: syntax error: {Message}"
        : $"invalid query at line {At.Line}, col {At.Column}: {Message}";
}
