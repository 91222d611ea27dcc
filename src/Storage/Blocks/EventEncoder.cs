using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Puts the events of a row group, all but their attributes. An event lies close to the start of its span, or to the end, and which of the two its name tells.</summary>
internal sealed class EventEncoder(ChunkWriter chunks, RowGroupColumns columns) : IDisposable
{
    readonly IntegerColumnWriter _numbers = new();
    readonly Column<int> _classes = new();
    readonly ByteWriter _bytes = new();

    public void Put(SpanBatch group, GroupShapes shapes)
    {
        var events = group.Events;
        if (events.Count == 0)
            return;
        var (classOf, classCount) = RowClasses.OfEvents(shapes.All);
        var shapeOf = shapes.OfRows;
        var counts = new int[classCount];
        _classes.Clear();
        var classes = _classes.Append(events.Count);
        var fromStart = new ulong[events.Count];
        var fromEnd = new ulong[events.Count];
        for (var row = 0; row < group.SpanCount; row++)
        {
            var rows = events[row];
            var names = classOf[shapeOf[row]];
            for (var at = rows.Start; at < rows.End; at++)
            {
                counts[classes[at] = names[at - rows.Start]]++;
                fromStart[at] = ZigZag.Encode(unchecked((long)(events.Times[at].Value - group.Spans.Starts[row].Value)));
                fromEnd[at] = ZigZag.Encode(unchecked((long)(events.Times[at].Value - group.Spans.Ends[row].Value)));
            }
        }

        PutTimes(fromStart, fromEnd, classes, counts);
        columns.PutCounts(ColumnId.EventDroppedAttributes, events.DroppedAttributeCounts.Values);
    }

    public void Dispose() => _bytes.Dispose();

    void PutTimes(ulong[] fromStart, ulong[] fromEnd, ReadOnlySpan<int> classes, ReadOnlySpan<int> counts)
    {
        var (starts, ends) = (new ulong[fromStart.Length], new ulong[fromEnd.Length]);
        ByNameColumn.Deal(fromStart, classes, counts, starts);
        ByNameColumn.Deal(fromEnd, classes, counts, ends);
        _bytes.Clear();
        var first = 0;
        foreach (var count in counts)
        {
            if (count == 0)
                continue;
            ReadOnlySpan<ulong> start = starts.AsSpan(first, count), end = ends.AsSpan(first, count);
            var isFromEnd = SpreadOf(end) < SpreadOf(start);
            _bytes.WriteByte(isFromEnd ? (byte)1 : (byte)0);
            _numbers.Write(_bytes, isFromEnd ? end : start);
            first += count;
        }

        chunks.PutColumns(ColumnId.EventTimes, _bytes.Written);
    }

    static ulong SpreadOf(ReadOnlySpan<ulong> values)
    {
        var (smallest, largest) = NarrowColumn.Range(values);
        return largest - smallest;
    }
}
