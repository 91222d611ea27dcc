namespace Clew.Model;

/// <summary>A trace with at least one span that a selection asked for.</summary>
/// <param name="Newest">The latest start among those spans: what results are ordered by.</param>
public readonly record struct TraceMatch(TraceId Id, UnixNanos Newest);
