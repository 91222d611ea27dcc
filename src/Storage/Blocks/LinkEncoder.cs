using System.Runtime.InteropServices;
using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Puts the links of a row group, all but their attributes. Most point into their own trace.</summary>
internal sealed class LinkEncoder(ChunkWriter chunks, RowGroupColumns columns)
{
    public void Put(SpanBatch group)
    {
        var links = group.Links;
        if (links.Count == 0)
            return;
        var targets = columns.Values(links.Count);
        var (traces, spans) = (new List<TraceId>(), new List<SpanId>());
        TraceOrder.FindTargets(group, targets);
        for (var row = 0; row < targets.Length; row++)
        {
            if (targets[row] > 0)
                continue;
            traces.Add(links.TraceIds[row]);
            spans.Add(links.SpanIds[row]);
        }

        chunks.Put(ColumnId.LinkTargets, targets);
        chunks.PutBytes(ColumnId.LinkTraceIds, MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(traces)));
        chunks.PutBytes(ColumnId.LinkSpanIds, MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(spans)));
        columns.PutTexts(ColumnId.LinkTraceStates, links.TraceStates.Values);
        columns.PutCounts(ColumnId.LinkFlags, links.Flags.Values);
        columns.PutCounts(ColumnId.LinkDroppedAttributes, links.DroppedAttributeCounts.Values);
    }
}
