using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Operators.Fields;

/// <summary><c>a = b</c> and the other comparisons: always a Bool.</summary>
internal sealed class ComparisonField(BinaryOperator comparison, SpanField left, SpanField right) : BinaryField(left, right)
{
    public override Cell Of(int row) => Cell.OfBool(Holds(row));

    public override bool Holds(int row) => Comparison.Holds(comparison, Left.Of(row), Right.Of(row));
}
