using System.Runtime.CompilerServices;
using Clew.Model;

namespace Clew.Server.Queries;

/// <summary>Traces with all their spans, a few at a time: an answer may be long, what it takes to write it is not.</summary>
internal static class WholeTraces
{
    /// <summary>So many traces are looked up at once: more share what is read, and fewer wait in memory until they are written.</summary>
    public const int PerLookUp = 20;

    /// <summary>Those of a search, the newest match first.</summary>
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

    /// <summary>Those that are known by their ids; null for one that is not here.</summary>
    public static async IAsyncEnumerable<(TraceId Id, SpanBatch? Spans)> FindAsync(
        ITraceStore store, IReadOnlyList<TraceId> ids, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var some in ids.Chunk(PerLookUp))
        {
            var traces = await store.FindTracesAsync(some, cancellation);
            for (var at = 0; at < some.Length; at++)
                yield return (some[at], traces[at]);
        }
    }
}
