namespace Clew.TraceQL.Syntax;

/// <summary>A number worked out of a spanset.</summary>
public abstract record ScalarExpression
{
    ScalarExpression()
    {
    }

    public TextPosition At { get; init; }

    public sealed override string ToString() => CanonicalText.Of(this);

    public sealed record Constant(Value Value) : ScalarExpression;

    /// <param name="Argument">Null for <c>count()</c> only.</param>
    public sealed record Aggregate(AggregateFunction Function, FieldExpression? Argument) : ScalarExpression;

    public sealed record Binary(BinaryOperator Operator, ScalarExpression Left, ScalarExpression Right) : ScalarExpression;

    /// <summary><c>({ … } | count())</c>: the aggregate of a pipeline of its own.</summary>
    public sealed record Piped(Pipeline Pipeline, Aggregate Last) : ScalarExpression;
}
