namespace Clew.TraceQL.Operators.Fields;

/// <summary><c>a &amp;&amp; b</c>: what is not the Bool true counts as false.</summary>
internal sealed class AndField(SpanField left, SpanField right) : BinaryField(left, right)
{
    public override Cell Of(int row) => Cell.OfBool(Holds(row));

    public override bool Holds(int row) => Left.Holds(row) && Right.Holds(row);
}
