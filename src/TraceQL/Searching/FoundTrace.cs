using Clew.Model;

namespace Clew.TraceQL.Searching;

/// <summary>A trace that matches, and what of it does.</summary>
/// <param name="RootService">Null when no span without a parent has come in.</param>
/// <param name="RootName">Null when no span without a parent has come in.</param>
/// <param name="Services">By name.</param>
public sealed record FoundTrace(
    TraceId Id, string? RootService, string? RootName, UnixNanos Start, ulong DurationNanos, int SpanCount,
    IReadOnlyList<FoundSpanset> Spansets, IReadOnlyList<TraceSummary.Service> Services)
{
    /// <summary>What <see cref="SearchRequest.Summarize"/> says of the trace; null when that was not asked, or the query ended before it was.</summary>
    public TraceSummary? Summary { get; init; }
}
