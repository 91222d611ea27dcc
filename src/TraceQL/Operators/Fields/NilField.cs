namespace Clew.TraceQL.Operators.Fields;

/// <summary><c>x = nil</c>: there is no such value. <c>x != nil</c>: there is.</summary>
internal sealed class NilField(SpanField operand, bool isNil) : UnaryField(operand)
{
    public override Cell Of(int row) => Cell.OfBool(Holds(row));

    public override bool Holds(int row) => Operand.Of(row).IsNil == isNil;
}
