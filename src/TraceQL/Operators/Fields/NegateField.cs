namespace Clew.TraceQL.Operators.Fields;

/// <summary><c>-x</c>: of a number; nil of anything else.</summary>
internal sealed class NegateField(SpanField operand) : UnaryField(operand)
{
    public override Cell Of(int row)
    {
        var cell = Operand.Of(row);
        return cell.Type switch
        {
            ValueType.Int => Cell.OfInt(unchecked(-cell.Bits)),
            ValueType.Duration => Cell.OfDuration(unchecked(-cell.Bits)),
            ValueType.Float => Cell.OfFloat(-cell.Number),
            _ => Cell.Nil,
        };
    }
}
