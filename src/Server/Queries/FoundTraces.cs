using System.Runtime.CompilerServices;
using Clew.Model;

namespace Clew.Server.Queries;

/// <summary>The traces of a search with all their spans, the newest match first.</summary>
internal static class FoundTraces
{
    /// <summary>So many traces are looked up at once: more share what is read, and fewer wait in memory until they are written.</summary>
    const int TracesPerLookUp = 20;

    /// <summary>An answer may be long, what it takes to write it is not: traces are fetched a few at a time, when their turn comes.</summary>
    public static async IAsyncEnumerable<(TraceId Id, SpanBatch Spans)> FindAsync(
        ITraceStore store, TraceSearch search, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var matches = await store.FindTracesAsync(search.ToSelection(), search.TraceCountMax, cancellation);
        await foreach (var (id, spans) in FindAsync(store, [.. matches.Select(match => match.Id)], cancellation))
        {
            if (spans is not null)
                yield return (id, spans);
        }
    }

    /// <summary>The same for traces that are known by their ids; null for those that are not here.</summary>
    public static async IAsyncEnumerable<(TraceId Id, SpanBatch? Spans)> FindAsync(
        ITraceStore store, IReadOnlyList<TraceId> ids, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var some in ids.Chunk(TracesPerLookUp))
        {
            var traces = await store.FindTracesAsync(some, cancellation);
            for (var at = 0; at < some.Length; at++)
                yield return (some[at], traces[at]);
        }
    }
}
