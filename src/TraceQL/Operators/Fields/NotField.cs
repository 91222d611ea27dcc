namespace Clew.TraceQL.Operators.Fields;

/// <summary><c>!x</c>: of a Bool; nil, which matches nothing, of anything else.</summary>
internal sealed class NotField(SpanField operand) : UnaryField(operand)
{
    public override Cell Of(int row)
    {
        var cell = Operand.Of(row);
        return cell.Type == ValueType.Bool ? Cell.OfBool(!cell.IsTrue) : Cell.Nil;
    }
}
