using Clew.Model;

namespace Clew.Server.Queries;

/// <summary>Finds traces by what no condition of a store says: looks into those that may match, the newest first, and into more of them while they do not do.</summary>
internal sealed class CandidateSearch(ITraceStore store, WholeTraces traces)
{
    const int CandidatesMin = 40, CandidatesMax = 5_000, CandidatesGrowth = 4;

    /// <param name="narrowed">What a span of every trace that matches meets.</param>
    /// <param name="timeOf">What orders the traces; null for one that does not match.</param>
    /// <inheritdoc cref="WholeTraces.FindAsync(IReadOnlyList{TraceId}, Action{TraceTooLargeException}, CancellationToken)" path="/exception"/>
    public async Task<SearchedTraces> FindAsync(SpanSelection narrowed, int traceCountMax, Func<SpanBatch, UnixNanos?> timeOf, CancellationToken cancellation)
    {
        var (found, problems, seen) = (new List<TraceMatch>(), new List<string>(), new HashSet<TraceId>());
        for (var countMax = (int)Math.Clamp(2L * traceCountMax, CandidatesMin, CandidatesMax); ; countMax = Math.Min(countMax * CandidatesGrowth, CandidatesMax))
        {
            var candidates = await store.FindTracesAsync(narrowed, countMax, cancellation);
            // Whatever was looked up together is looked into: of it, the newest are answered.
            foreach (var some in candidates.Select(candidate => candidate.Id).Where(seen.Add).Chunk(WholeTraces.PerLookUp))
            {
                await foreach (var (id, trace) in traces.FindAsync(some, tooLarge => problems.Add(tooLarge.Message), cancellation))
                {
                    if (trace is not null && timeOf(trace) is { } time)
                        found.Add(new TraceMatch(id, time));
                }

                if (found.Count >= traceCountMax)
                    return SearchedTraces.Newest(found, traceCountMax, problems);
            }

            if (candidates.Count >= countMax && countMax < CandidatesMax)
                continue;
            if (candidates.Count >= countMax)
                problems.Add($"Of the traces that may match, the newest {CandidatesMax} were looked into; narrow the search, or search an earlier time.");
            return SearchedTraces.Newest(found, traceCountMax, problems);
        }
    }
}
