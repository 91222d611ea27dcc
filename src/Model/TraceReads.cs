using System.Runtime.CompilerServices;

namespace Clew.Model;

/// <summary>Whole traces, one after the other, of which as many are in memory as there is room for.</summary>
public static class TraceReads
{
    /// <summary>
    /// Looks traces up together: what they have in common is read once. Where there is no room for all of them at once, those of each half are, and so on.
    /// A trace is counted in the meter's room until the next one is asked for.
    /// </summary>
    /// <param name="ids">Different from each other.</param>
    /// <returns>In the order of the ids; without spans for those that are not stored, or for which the meter was spent.</returns>
    public static async IAsyncEnumerable<(TraceId Id, SpanBatch? Spans)> FindEachAsync(
        this ITraceStore store, ArraySegment<TraceId> ids, ReadMeter meter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var leftBefore = meter.LeftTraceCount;
        SpanBatch?[] traces = [.. await store.FindTracesAsync(ids, meter, cancellation)];
        // A spent meter leaves no more room to halves.
        if (meter.LeftTraceCount == leftBefore || meter.IsSpent)
        {
            for (var at = 0; at < ids.Count; at++)
            {
                // What is given back is not held on to.
                (var spans, traces[at]) = (traces[at], null);
                yield return (ids[at], spans);
                meter.Room.Give(BytesOf(spans));
            }

            yield break;
        }

        meter.Room.Give(traces.Sum(BytesOf));
        foreach (var half in (ArraySegment<TraceId>[])[ids[..(ids.Count / 2)], ids[(ids.Count / 2)..]])
        {
            await foreach (var trace in store.FindEachAsync(half, meter, cancellation))
                yield return trace;
        }
    }

    static long BytesOf(SpanBatch? trace) => trace is null ? 0 : BatchMemory.Of(trace);
}
