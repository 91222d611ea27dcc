using Clew.Model;

namespace Clew.Storage.Head;

/// <summary>Searches the batches that are not in blocks yet, the latest first.</summary>
internal static class HeadSearch
{
    public static void Run(StoreView view, SpanSelection selection, NewestTraces newest, CancellationToken cancellation)
    {
        for (var segment = view.Segments.Length - 1; segment >= 0; segment--)
        {
            var batches = view.Segments[segment].Batches;
            for (var at = batches.Length - 1; at >= 0; at--)
            {
                cancellation.ThrowIfCancellationRequested();
                Search(batches[at], selection, newest);
            }
        }
    }

    static void Search(HeadBatch head, SpanSelection selection, NewestTraces newest)
    {
        if (head.StartMax < newest.Horizon || !selection.Starts.Overlaps(head.StartMin, head.StartMax))
            return;
        var matcher = new SpanMatcher(selection, head.Batch);
        if (!matcher.CanMatch)
            return;
        var starts = head.Batch.Spans.Starts.Values;
        for (var row = 0; row < starts.Length; row++)
        {
            if (starts[row] >= newest.Horizon && matcher.Matches(row))
                newest.Offer(head.Batch.Spans.TraceIds[row], starts[row]);
        }
    }
}
