namespace Clew.TraceQL.Searching;

/// <summary>Disposing gives back the memory that it is counted with.</summary>
/// <param name="Traces">The newest first, by their start.</param>
/// <param name="Next">Where the next page begins, which may turn out to be empty; null when there is none.</param>
public sealed record SearchResult(IReadOnlyList<FoundTrace> Traces, SearchCursor? Next, QueryReport Report) : IDisposable
{
    public void Dispose() => Report.Reads.Room.Dispose();
}
