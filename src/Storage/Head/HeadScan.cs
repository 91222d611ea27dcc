using Clew.Model;

namespace Clew.Storage.Head;

/// <summary>Copies spans out of the batches that are not in blocks yet.</summary>
internal static class HeadScan
{
    /// <summary>Spans per batch handed out, at most.</summary>
    const int SpanCountMax = 4_096;

    public static IEnumerable<SpanBatch> Run(StoreView view, TimeRange starts, TraceId first, TraceId last, CancellationToken cancellation)
    {
        var copier = new SpanCopier(new SpanBatch());
        foreach (var head in view.Segments.SelectMany(segment => segment.Batches.ToArray()))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!starts.Overlaps(head.StartMin, head.StartMax))
                continue;
            for (var row = 0; row < head.Batch.SpanCount; row++)
            {
                var id = head.Batch.Spans.TraceIds[row];
                if (id < first || id > last || !starts.Contains(head.Batch.Spans.Starts[row]))
                    continue;
                copier.Copy(head.Batch, row);
                if (copier.Target.SpanCount < SpanCountMax)
                    continue;
                yield return copier.Target;
                copier = new SpanCopier(new SpanBatch());
            }
        }

        if (copier.Target.SpanCount > 0)
            yield return copier.Target;
    }
}
