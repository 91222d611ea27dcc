using Clew.Model;

namespace Clew.TraceQL.Operators.Fields;

/// <summary>Whether a span has no parent: what <c>nestedSetParent &lt; 0</c> and <c>span:parentID = ""</c> ask, which takes no look at the rest of the trace.</summary>
internal sealed class RootField : SpanField
{
    SpanBatch _batch = new();

    public override void Open(SpanBatch batch) => _batch = batch;

    public override Cell Of(int row) => Cell.OfBool(Holds(row));

    public override bool Holds(int row) => _batch.Spans.ParentSpanIds[row].IsAbsent;
}
