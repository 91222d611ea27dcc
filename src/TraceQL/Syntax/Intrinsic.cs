namespace Clew.TraceQL.Syntax;

/// <summary>What every span, or its trace, has without being told as an attribute.</summary>
public enum Intrinsic : byte
{
    Duration, Name, Status, StatusMessage, Kind, SpanId, ParentId, ChildCount,
    TraceDuration, RootName, RootServiceName, TraceId,
    EventName, EventTimeSinceStart, LinkTraceId, LinkSpanId, InstrumentationName, InstrumentationVersion,
    NestedSetLeft, NestedSetRight, NestedSetParent,
    Parent,
}
