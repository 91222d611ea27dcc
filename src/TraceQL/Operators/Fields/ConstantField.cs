namespace Clew.TraceQL.Operators.Fields;

internal sealed class ConstantField(Value value) : SpanField
{
    readonly Cell _cell = Cell.Of(value);

    public override Cell Of(int row) => _cell;
}
