using Clew.Model;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Binding;

/// <summary>What must be read to know an intrinsic.</summary>
internal static class Intrinsics
{
    /// <summary>Whether only the whole trace can tell.</summary>
    public static bool NeedTrace(Intrinsic intrinsic) => intrinsic
        is Intrinsic.ChildCount or Intrinsic.TraceDuration or Intrinsic.RootName or Intrinsic.RootServiceName
        or Intrinsic.NestedSetLeft or Intrinsic.NestedSetRight or Intrinsic.NestedSetParent;

    public static SpanFields Fields(Intrinsic intrinsic) => intrinsic switch
    {
        Intrinsic.Duration => SpanFields.Starts | SpanFields.Ends,
        Intrinsic.Name => SpanFields.Names,
        Intrinsic.Status => SpanFields.Statuses,
        Intrinsic.StatusMessage => SpanFields.StatusMessages,
        Intrinsic.Kind => SpanFields.Kinds,
        Intrinsic.SpanId => SpanFields.SpanIds,
        Intrinsic.ParentId => SpanFields.SpanIds | SpanFields.ParentSpanIds,
        Intrinsic.TraceId => SpanFields.TraceIds,
        Intrinsic.TraceDuration => SpanFields.Starts | SpanFields.Ends,
        Intrinsic.RootName => SpanFields.ParentSpanIds | SpanFields.SpanIds | SpanFields.Starts | SpanFields.Names,
        Intrinsic.RootServiceName => SpanFields.ParentSpanIds | SpanFields.SpanIds | SpanFields.Starts,
        Intrinsic.EventName => SpanFields.Events,
        Intrinsic.EventTimeSinceStart => SpanFields.Events | SpanFields.Starts,
        Intrinsic.LinkSpanId or Intrinsic.LinkTraceId => SpanFields.Links,
        Intrinsic.ChildCount or Intrinsic.NestedSetLeft or Intrinsic.NestedSetRight or Intrinsic.NestedSetParent => Tree,
        _ => SpanFields.None,
    };

    /// <summary>What it takes to put a trace together as a tree.</summary>
    public static SpanFields Tree => SpanFields.SpanIds | SpanFields.ParentSpanIds | SpanFields.Starts;
}
