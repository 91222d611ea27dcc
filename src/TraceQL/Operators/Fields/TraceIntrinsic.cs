using System.Text;
using Clew.Model;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Operators.Fields;

/// <summary>What only the whole trace can say of a span.</summary>
internal sealed class TraceIntrinsic(Intrinsic intrinsic) : SpanField
{
    TraceView? _trace;

    // What is the same for all spans of a trace.
    Cell? _common;

    public override void Enter(TraceView trace)
    {
        _trace = trace;
        _common = null;
    }

    public override Cell Of(int row)
    {
        var trace = _trace ?? throw new InvalidOperationException($"{intrinsic} was asked of a span without its trace.");
        var place = row - trace.Rows.Start;
        return intrinsic switch
        {
            Intrinsic.ChildCount => Cell.OfInt(trace.Tree.ChildCountOf(place)),
            Intrinsic.NestedSetLeft => Cell.OfInt(trace.Tree.LeftOf(place)),
            Intrinsic.NestedSetRight => Cell.OfInt(trace.Tree.RightOf(place)),
            Intrinsic.NestedSetParent => Cell.OfInt(trace.Tree.ParentLeftOf(place)),
            _ => _common ??= OfTrace(trace),
        };
    }

    Cell OfTrace(TraceView trace) => intrinsic switch
    {
        Intrinsic.TraceDuration => Cell.OfDuration(trace.DurationNanos),
        Intrinsic.RootName when trace.Root is >= 0 and var root => Cell.OfText(trace.Batch.Strings, trace.Batch.Spans.Names[root]),
        Intrinsic.RootServiceName when trace.Root is >= 0 and var root => Cell.OfText(Encoding.UTF8.GetBytes(ServiceName.Of(trace.Batch, trace.Batch.ResourceOf(root)))),
        _ => Cell.Nil,
    };
}
