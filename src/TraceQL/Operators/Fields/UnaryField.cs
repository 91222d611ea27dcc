using Clew.Model;

namespace Clew.TraceQL.Operators.Fields;

/// <summary>A field worked out of one other.</summary>
internal abstract class UnaryField(SpanField operand) : SpanField
{
    protected SpanField Operand => operand;

    public sealed override void WorkFor(ReadMeter meter) => operand.WorkFor(meter);

    public sealed override void Open(SpanBatch batch) => operand.Open(batch);

    public sealed override void Enter(TraceView trace) => operand.Enter(trace);
}
