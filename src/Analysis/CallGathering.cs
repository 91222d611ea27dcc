using Clew.Model;

namespace Clew.Analysis;

/// <summary>Goes through the spans of many traces, each trace whole, and counts calls by a rule.</summary>
/// <remarks>
/// A parent and its child may lie in any two batches, so all spans of a trace have to be at hand. Not all traces can be: spans are gathered by ranges of trace
/// ids, each as wide as is thought to fill most of the room. Ids are meant to be uniform, so the first width follows from how many spans are stored, and each
/// next one from how many the range before it held. A range that proves too full shrinks to its lower half, and what lies above is gathered again later.
/// </remarks>
internal static class CallGathering
{
    public static async Task<IReadOnlyList<ServiceCall>> ReadAsync(
        ITraceStore store, TimeRange starts, CallRule rule, bool withPeers, int gatheredCountMax, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(gatheredCountMax, 1);
        var calls = new CallCounts();
        var widths = new RangeWidths(gatheredCountMax, store.Statistics.SpanCount);
        var first = UInt128.Zero;
        while (true)
        {
            var last = UInt128.MaxValue - first < widths.Next ? UInt128.MaxValue : first + widths.Next;
            var gathered = await GatherAsync(store, starts, new GatheredSpans(IdOf(last), withPeers), IdOf(first), gatheredCountMax, cancellation);
            gathered.ForEachTrace(rule, calls);
            last = NumberOf(gathered.Last);
            if (last == UInt128.MaxValue)
                return calls.ToList();
            widths.Learn(last - first, gathered.Count);
            first = last + 1;
        }
    }

    static async Task<GatheredSpans> GatherAsync(
        ITraceStore store, TimeRange starts, GatheredSpans gathered, TraceId first, int countMax, CancellationToken cancellation)
    {
        await foreach (var batch in store.ScanAsync(starts, first, gathered.Last, cancellation).WithCancellation(cancellation))
        {
            gathered.Add(batch);
            if (gathered.Count > countMax)
                gathered.KeepLowerHalf();
        }

        return gathered;
    }

    static TraceId IdOf(UInt128 number) => new((ulong)(number >> 64), (ulong)number);

    static UInt128 NumberOf(TraceId id) => new(id.High, id.Low);
}
