using Clew.Model;

namespace Clew.Server.Queries;

/// <summary>Finds traces by what no condition of a store says: looks into those that may match, the newest first, and into more of them while they do not do.</summary>
/// <remarks>It ends within the time and the bytes that a query may read, with what it has by then.</remarks>
internal sealed class CandidateSearch(ITraceStore store, WholeTraces traces, QueryOptions options, TimeProvider time)
{
    const int CandidatesMin = 40, CandidatesMax = 5_000, CandidatesGrowth = 4;

    /// <param name="narrowed">What a span of every trace that matches meets.</param>
    /// <param name="timeOf">What orders the traces; null for one that does not match.</param>
    /// <inheritdoc cref="WholeTraces.FindAsync(IReadOnlyList{TraceId}, Action{TraceTooLargeException}, CancellationToken)" path="/exception"/>
    public async Task<SearchedTraces> FindAsync(SpanSelection narrowed, int traceCountMax, Func<SpanBatch, UnixNanos?> timeOf, CancellationToken cancellation)
    {
        var meter = new ReadMeter(options.ScannedBytesMax, options.Timeout, time, cancellation: cancellation);
        var (found, problems, seen) = (new List<TraceMatch>(), new List<string>(), new HashSet<TraceId>());
        for (var countMax = (int)Math.Clamp(2L * traceCountMax, CandidatesMin, CandidatesMax); ; countMax = Math.Min(countMax * CandidatesGrowth, CandidatesMax))
        {
            var candidates = await store.FindTracesAsync(narrowed, countMax, meter, cancellation);
            // Whatever was looked up together is looked into: of it, the newest are answered.
            foreach (var some in candidates.Select(candidate => candidate.Id).Where(seen.Add).Chunk(WholeTraces.PerLookUp))
            {
                await foreach (var (id, trace) in traces.FindAsync(some, tooLarge => problems.Add(tooLarge.Message), meter, cancellation))
                {
                    if (trace is not null && timeOf(trace) is { } newest)
                        found.Add(new TraceMatch(id, newest));
                }

                if (found.Count >= traceCountMax)
                    return SearchedTraces.Newest(found, traceCountMax, problems);
            }

            var isAll = candidates.Count < countMax;
            if (!isAll && countMax < CandidatesMax && !meter.IsSpent)
                continue;
            if (ReasonOf(meter.Spent, isAll) is { } reason)
                problems.Add($"{reason}; narrow the search, or search an earlier time.");
            return SearchedTraces.Newest(found, traceCountMax, problems);
        }
    }

    static string? ReasonOf(ReadLimit? limit, bool isAll) => limit switch
    {
        ReadLimit.Time => "The time for one query (query.timeout) was over before all traces that may match were looked into",
        not null => "As much as one query may read (query.scanned_bytes_max) was read before all traces that may match were looked into",
        null when isAll => null,
        null => $"Of the traces that may match, the newest {CandidatesMax} were looked into",
    };
}
