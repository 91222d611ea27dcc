using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Operators.Fields;

/// <summary><c>a + b</c> and the other calculations.</summary>
internal sealed class ArithmeticField(BinaryOperator calculation, SpanField left, SpanField right) : BinaryField(left, right)
{
    public override Cell Of(int row) => Arithmetic.Of(calculation, Left.Of(row), Right.Of(row));
}
