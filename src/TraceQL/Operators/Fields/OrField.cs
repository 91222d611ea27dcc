namespace Clew.TraceQL.Operators.Fields;

/// <summary><c>a || b</c>: what is not the Bool true counts as false.</summary>
internal sealed class OrField(SpanField left, SpanField right) : BinaryField(left, right)
{
    public override Cell Of(int row) => Cell.OfBool(Holds(row));

    public override bool Holds(int row) => Left.Holds(row) || Right.Holds(row);
}
