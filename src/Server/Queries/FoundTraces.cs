using Clew.Model;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Queries;

/// <summary>The traces of a search, the newest match first.</summary>
/// <param name="IsComplete">False when more may match, and were not looked into.</param>
internal sealed record FoundTraces(IReadOnlyList<TraceId> Ids, bool IsComplete)
{
    const int CandidatesMin = 40, CandidatesMax = 5_000, CandidatesGrowth = 4;

    /// <inheritdoc cref="WholeTraces.FindAsync(IReadOnlyList{TraceId}, Action{TraceTooLargeException}, CancellationToken)" path="/exception"/>
    public static async Task<FoundTraces> FindAsync(ITraceStore store, WholeTraces traces, TraceSearch search, CancellationToken cancellation)
    {
        if (search.Tags.Any(tag => FieldTag.Is(tag.Key)))
            return await LookIntoAsync(store, traces, search, cancellation);
        var matches = await store.FindTracesAsync(search.ToSelection(), search.TraceCountMax, cancellation);
        return new FoundTraces([.. matches.Select(match => match.Id)], IsComplete: true);
    }

    /// <summary>Says in a header that the answer may lack some.</summary>
    public void WarnIfIncomplete(HttpContext context)
    {
        if (!IsComplete)
            context.Warn($"Of the traces that may match, the newest {CandidatesMax} were looked into; narrow the search, or search an earlier time.");
    }

    // The newest candidates first, and more of them while they do not do.
    static async Task<FoundTraces> LookIntoAsync(ITraceStore store, WholeTraces traces, TraceSearch search, CancellationToken cancellation)
    {
        var (found, seen) = (new List<TraceId>(), new HashSet<TraceId>());
        for (var countMax = Math.Clamp(search.TraceCountMax, CandidatesMin, CandidatesMax); ; countMax = Math.Min(countMax * CandidatesGrowth, CandidatesMax))
        {
            var candidates = await store.FindTracesAsync(FieldTag.Narrowed(search), countMax, cancellation);
            await foreach (var (id, spans) in traces.FindAsync([.. candidates.Select(candidate => candidate.Id).Where(seen.Add)], static _ => { }, cancellation))
            {
                if (spans is null || !FieldTag.Matches(search, spans))
                    continue;
                found.Add(id);
                if (found.Count == search.TraceCountMax)
                    return new FoundTraces(found, IsComplete: true);
            }

            if (candidates.Count < countMax || countMax == CandidatesMax)
                return new FoundTraces(found, candidates.Count < countMax);
        }
    }
}
