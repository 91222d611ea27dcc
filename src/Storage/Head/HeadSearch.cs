using Clew.Model;

namespace Clew.Storage.Head;

/// <summary>Searches the batches that are not in blocks yet, the latest first.</summary>
internal static class HeadSearch
{
    public static void Run(StoreView view, SpanSelection selection, NewestTraces newest, ReadMeter meter, CancellationToken cancellation)
    {
        for (var segment = view.Segments.Length - 1; segment >= 0; segment--)
        {
            var batches = view.Segments[segment].Batches;
            for (var at = batches.Length - 1; at >= 0; at--)
            {
                cancellation.ThrowIfCancellationRequested();
                if (meter.IsSpent)
                    return;
                Search(batches[at], selection, newest, meter);
            }
        }
    }

    static void Search(HeadBatch head, SpanSelection selection, NewestTraces newest, ReadMeter meter)
    {
        var isNear = head.StartMax >= newest.Horizon && selection.Starts.Overlaps(head.StartMin, head.StartMax);
        var matcher = isNear ? new SpanMatcher(selection, head.Batch) : null;
        meter.CountBlock(isPruned: matcher is not { CanMatch: true });
        if (matcher is not { CanMatch: true })
            return;
        var starts = head.Batch.Spans.Starts.Values;
        var found = 0;
        for (var row = 0; row < starts.Length; row++)
        {
            if (starts[row] < newest.Horizon || !matcher.Matches(row))
                continue;
            found++;
            newest.Offer(head.Batch.Spans.TraceIds[row], starts[row]);
        }

        meter.CountRows(starts.Length, found);
    }
}
