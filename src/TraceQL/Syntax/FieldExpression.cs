namespace Clew.TraceQL.Syntax;

/// <summary>A value worked out of one span. <c>ToString</c> is the canonical text.</summary>
public abstract record FieldExpression
{
    FieldExpression()
    {
    }

    /// <summary>Where it begins in the text, for messages.</summary>
    public TextPosition At { get; init; }

    public sealed override string ToString() => CanonicalText.Of(this);

    public sealed record Constant(Value Value) : FieldExpression;

    public sealed record Attribute(AttributeScope Scope, string Name) : FieldExpression;

    public sealed record Field(Intrinsic Intrinsic) : FieldExpression;

    public sealed record Negate(FieldExpression Operand) : FieldExpression;

    public sealed record Not(FieldExpression Operand) : FieldExpression;

    public sealed record Binary(BinaryOperator Operator, FieldExpression Left, FieldExpression Right) : FieldExpression;
}
