using System.Runtime.InteropServices;
using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Puts links together, all but their attributes. Those within a trace are stored as distances.</summary>
internal sealed class LinkDecoder(RowGroupReader reader, ShapeCounts counts)
{
    public void Append(int first, int count, int firstSpan, BatchTarget target)
    {
        var shapes = reader.Shapes;
        var shapeOf = reader.ShapeOf.Slice(first, count);
        var (before, within, all) = counts.Sum(shape => shape.LinkCount, Fail);
        var links = target.Batch.Links;
        var end = links.Count;
        if (within > 0)
            AppendIds(shapes, shapeOf, (before, within, all), firstSpan, target.Batch);
        foreach (var shape in shapeOf)
            links.Ends.Add(end += shapes[shape].LinkCount);
        RowGroupDecoder.TakeTexts(reader, ColumnId.LinkTraceStates, all, before, links.TraceStates.Append(within), target);
        RowGroupDecoder.TakeCounts(reader, ColumnId.LinkFlags, all, before, links.Flags.Append(within));
        RowGroupDecoder.TakeCounts(reader, ColumnId.LinkDroppedAttributes, all, before, links.DroppedAttributeCounts.Append(within));
    }

    void AppendIds(SpanShape[] shapes, ReadOnlySpan<int> shapeOf, (int Before, int Within, int All) range, int firstSpan, SpanBatch batch)
    {
        var targets = new ulong[range.All];
        reader.Take(ColumnId.LinkTargets, range.All, 0, targets);
        var strangers = targets.AsSpan().Count(TraceOrder.LinkById);
        var stranger = targets.AsSpan(0, range.Before).Count(TraceOrder.LinkById);
        var traces = MemoryMarshal.Cast<byte, TraceId>(reader.Bytes(ColumnId.LinkTraceIds, strangers * TraceId.Bytes)).ToArray();
        var ids = MemoryMarshal.Cast<byte, SpanId>(reader.Bytes(ColumnId.LinkSpanIds, strangers * SpanId.Bytes)).ToArray();
        var at = range.Before;
        for (var row = 0; row < shapeOf.Length; row++)
        {
            for (var left = shapes[shapeOf[row]].LinkCount; left > 0; left--)
            {
                var target = targets[at++];
                var span = target == TraceOrder.LinkById ? -1 : unchecked(row + ZigZag.Decode(target - 1));
                if (target != TraceOrder.LinkById && (ulong)span >= (ulong)shapeOf.Length)
                    reader.Fail(ColumnId.LinkTargets, $"a span among {shapeOf.Length} rows", $"row {span}");
                batch.Links.TraceIds.Add(span < 0 ? traces[stranger] : batch.Spans.TraceIds[firstSpan + row]);
                batch.Links.SpanIds.Add(span < 0 ? ids[stranger++] : batch.Spans.SpanIds[firstSpan + (int)span]);
            }
        }
    }

    void Fail() => reader.Fail(ColumnId.LinkTargets, $"at most {SpanShape.PartsMax} links", "more");
}
