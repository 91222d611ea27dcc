namespace Clew.Cli.Load;

/// <summary>Whether what was acknowledged is there: traces looked up by id, and their spans counted.</summary>
/// <param name="LookedUp">Traces asked for, each acknowledged whole.</param>
/// <param name="SpanCount">Spans they were sent with.</param>
/// <param name="FoundSpanCount">Spans that were found.</param>
/// <param name="Examples">Some of the traces that are not whole, in words.</param>
/// <param name="Problem">Why a look-up had no answer; empty when each had one.</param>
internal sealed record Completeness(
    int LookedUp, int Whole, int Incomplete, int Missing, long SpanCount, long FoundSpanCount, IReadOnlyList<string> Examples, string Problem, LatencySummary Latency)
{
    public bool IsComplete => Whole == LookedUp;
}
