using Clew.Model;

namespace Clew.TraceQL.Searching;

/// <summary>How a search is to be answered.</summary>
public sealed record SearchRequest
{
    /// <summary>A trace is asked for when it, from its first start to its last end, overlaps this range.</summary>
    public TimeRange Range { get; init; } = TimeRange.All;

    /// <summary>Traces of an answer, the newest first. Default 20.</summary>
    public int TraceCountMax { get; init; } = 20;

    /// <summary>Spans that are shown of each spanset. Default 3.</summary>
    public int SpansPerSpansetMax { get; init; } = 3;

    /// <summary>Where the page before ended; null for the first.</summary>
    public SearchCursor? After { get; init; }

    /// <summary>
    /// How far outside the range spans are looked for, of traces that reach into it. Longer traces are found when one of the spans that the query asks for is no
    /// farther away. Default one hour.
    /// </summary>
    public TimeSpan Reach { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Says something of each trace of the answer, given all of its spans; null for nothing.</summary>
    public Func<SpanBatch, TraceSummary>? Summarize { get; init; }

    /// <summary>Candidates that are fetched one by one before a pass over everything is cheaper; 0 for none.</summary>
    internal int CandidatesMax { get; init; } = 512;

    public QueryBudget Budget { get; init; } = new();
}
