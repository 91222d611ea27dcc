using Clew.Model;

namespace Clew.TraceQL.Operators.Fields;

/// <summary>A field worked out of two others.</summary>
internal abstract class BinaryField(SpanField left, SpanField right) : SpanField
{
    protected SpanField Left => left;

    protected SpanField Right => right;

    public sealed override void WorkFor(ReadMeter meter)
    {
        left.WorkFor(meter);
        right.WorkFor(meter);
    }

    public sealed override void Open(SpanBatch batch)
    {
        left.Open(batch);
        right.Open(batch);
    }

    public sealed override void Enter(TraceView trace)
    {
        left.Enter(trace);
        right.Enter(trace);
    }
}
