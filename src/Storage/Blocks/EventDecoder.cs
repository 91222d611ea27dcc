using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Puts events together, all but their attributes. Their times are stored by name, from the start or from the end of the span.</summary>
internal sealed class EventDecoder(RowGroupReader reader, ShapeCounts counts)
{
    public void Append(int first, int count, int firstSpan, BatchTarget target)
    {
        var shapes = reader.Shapes;
        var shapeOf = reader.ShapeOf.Slice(first, count);
        var (before, within, all) = counts.Sum(shape => shape.EventCount, Fail);
        var (spans, events) = (target.Batch.Spans, target.Batch.Events);
        var end = events.Count;
        var times = events.Times.Append(within);
        var names = events.Names.Append(within);
        TakeTimes(shapes, shapeOf, spans, firstSpan, times);
        var at = 0;
        foreach (var shape in shapeOf)
        {
            foreach (var name in shapes[shape].EventNames)
                names[at++] = target.CodeOf(name);
            events.Ends.Add(end + at);
        }

        RowGroupDecoder.TakeCounts(reader, ColumnId.EventDroppedAttributes, all, before, events.DroppedAttributeCounts.Append(within));
    }

    void TakeTimes(SpanShape[] shapes, ReadOnlySpan<int> shapeOf, SpanColumns spans, int firstSpan, Span<UnixNanos> times)
    {
        if (times.IsEmpty)
            return;
        var (classOf, classCount) = RowClasses.OfEvents(shapes);
        var columns = ReadColumns(classOf, classCount);
        var next = new int[classCount];
        var at = 0;
        for (var row = 0; row < shapeOf.Length; row++)
        {
            foreach (var name in classOf[shapeOf[row]])
            {
                var (isFromEnd, distances) = columns[name];
                var from = isFromEnd ? spans.Ends[firstSpan + row] : spans.Starts[firstSpan + row];
                times[at++] = new UnixNanos(unchecked(from.Value + (ulong)ZigZag.Decode(distances[next[name]++])));
            }
        }
    }

    // Per event name its distances within the range of rows.
    (bool IsFromEnd, ulong[] Distances)[] ReadColumns(int[][] classOf, int classCount)
    {
        var (before, within, all) = (new int[classCount], new int[classCount], new int[classCount]);
        for (var shape = 0; shape < classOf.Length; shape++)
        {
            foreach (var name in classOf[shape])
            {
                before[name] += counts.Before[shape];
                within[name] += counts.Within[shape];
                all[name] += counts.Before[shape] + counts.Within[shape] + counts.After[shape];
            }
        }

        if (!reader.TryOpenColumns(ColumnId.EventTimes, out var columns))
            Fail();
        var answer = new (bool, ulong[])[classCount];
        for (var name = 0; name < classCount; name++)
        {
            answer[name] = (false, []);
            if (all[name] == 0)
                continue;
            var from = columns.TakeByte();
            if (from > 1)
                columns.Fail("0 for the start or 1 for the end", $"{from}");
            answer[name] = (from == 1, new ulong[within[name]]);
            IntegerColumn.Open(ref columns, all[name]).Decode(before[name], answer[name].Item2.AsSpan());
        }

        columns.ExpectEnd();
        return answer;
    }

    void Fail() => reader.Fail(ColumnId.EventTimes, $"times of at most {SpanShape.PartsMax} events", "something else");
}
