using Clew.Model;
using Clew.Storage.Head;

namespace Clew.Storage;

/// <summary>Gathers the spans of one trace, wherever they are, and puts them in order.</summary>
internal sealed class TraceCollector(TraceId id)
{
    readonly List<(SpanBatch Batch, int Row)> _spans = [];

    public TraceId Id => id;

    public void AddFrom(SpanBatch batch)
    {
        var ids = batch.Spans.TraceIds.Values;
        for (var row = TraceScan.Find(ids, id, 0); row >= 0; row = row + 1 < ids.Length ? TraceScan.Find(ids, id, row + 1) : -1)
            _spans.Add((batch, row));
    }

    /// <summary>The spans in order of start, those of equal start as they arrived; null when there are none.</summary>
    public SpanBatch? ToTrace()
    {
        if (_spans.Count == 0)
            return null;
        var copier = new SpanCopier(new SpanBatch());
        foreach (var (batch, row) in _spans.OrderBy(span => span.Batch.Spans.Starts[span.Row]))
            copier.Copy(batch, row);
        return copier.Target;
    }
}
