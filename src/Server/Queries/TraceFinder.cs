using Clew.Model;

namespace Clew.Server.Queries;

/// <summary>Finds the traces of a search, those by the tags that Jaeger makes of fields (<see cref="FieldTag"/>) among them.</summary>
internal sealed class TraceFinder(ITraceStore store, CandidateSearch candidates)
{
    /// <inheritdoc cref="CandidateSearch.FindAsync" path="/exception"/>
    public async Task<SearchedTraces> FindAsync(TraceSearch search, CancellationToken cancellation)
    {
        // Attributes of those names are found like all others, however old.
        var matches = await store.FindTracesAsync(search.ToSelection(), search.TraceCountMax, cancellation);
        if (!search.Tags.Any(tag => FieldTag.Is(tag.Key)))
            return new SearchedTraces(matches, []);
        var found = await candidates.FindAsync(FieldTag.Narrowed(search), search.TraceCountMax, trace => FieldTag.NewestMatch(search, trace), cancellation);
        return SearchedTraces.Newest(matches.Concat(found.Matches), search.TraceCountMax, found.Problems);
    }
}
