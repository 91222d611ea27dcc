using System.Runtime.InteropServices;
using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Puts spans together from the columns of a row group, and trusts none of them: whatever they contain, the spans are well formed or there are none.</summary>
/// <param name="reader">Has a row group open.</param>
internal sealed class RowGroupDecoder(RowGroupReader reader)
{
    TraceRunColumns? _runs;

    TraceRunColumns Runs => _runs ??= TraceRunColumns.Read(reader);

    /// <summary>Appends the rows of one trace.</summary>
    public void AppendTrace(TraceId id, BatchTarget target)
    {
        var runs = Runs;
        for (var run = 0; run < runs.Count; run++)
        {
            if (runs.Ids[run] == id)
                Append(runs.FirstRow(run), runs.FirstRow(run + 1) - runs.FirstRow(run), target);
        }
    }

    /// <summary>Appends rows, from the first of a run on.</summary>
    public void Append(int first, int count, BatchTarget target)
    {
        if (count == 0)
            return;
        target.Begin(reader);
        var counts = new ShapeCounts(reader, first, count);
        var shapes = reader.Shapes;
        var spans = target.Batch.Spans;
        var firstSpan = spans.Count;
        AppendTraces(first, count, spans);
        AppendTimes(counts, first, count, spans);
        AppendIds(first, count, spans, firstSpan);
        AppendCodes(first, count, target);
        AppendFromShapes(shapes, first, count, target);
        var nested = NestedValues.Read(reader);
        new AttributeDecoder(reader, counts, nested, target).Append(first, count);
        new EventDecoder(reader, counts).Append(first, count, firstSpan, target);
        new LinkDecoder(reader, counts).Append(first, count, firstSpan, target);
    }

    void AppendTraces(int first, int count, SpanColumns spans)
    {
        var runs = Runs;
        var ids = spans.TraceIds.Append(count);
        for (int row = 0, run = runs.RunOf(first); row < count; run++)
        {
            var end = Math.Min(count, runs.FirstRow(run + 1) - first);
            ids[row..end].Fill(runs.Ids[run]);
            row = end;
        }
    }

    void AppendTimes(ShapeCounts counts, int first, int count, SpanColumns spans)
    {
        var starts = MemoryMarshal.Cast<UnixNanos, ulong>(spans.Starts.Append(count));
        SpanTimes.TakeStarts(reader, counts, Runs, first, starts);
        var ends = MemoryMarshal.Cast<UnixNanos, ulong>(spans.Ends.Append(count));
        SpanTimes.TakeDurations(reader, counts, first, ends);
        for (var row = 0; row < count; row++)
            ends[row] = unchecked(ends[row] + starts[row]);
    }

    void AppendIds(int first, int count, SpanColumns spans, int firstSpan)
    {
        var rows = reader.Directory.Rows;
        reader.Bytes(ColumnId.SpanIds, checked(rows * SpanId.Bytes)).Slice(first * SpanId.Bytes, count * SpanId.Bytes)
            .CopyTo(MemoryMarshal.AsBytes(spans.SpanIds.Append(count)));
        var distances = new ulong[first + count];
        reader.Take(ColumnId.ParentDistances, rows, 0, distances);
        var stranger = distances.AsSpan(0, first).Count(TraceOrder.ById);
        // How many there are is known only once all rows were looked at.
        var strangers = distances.AsSpan(first).Contains(TraceOrder.ById) ? Strangers(rows) : [];
        var ids = spans.SpanIds.Values[firstSpan..];
        var parents = spans.ParentSpanIds.Append(count);
        for (var row = 0; row < count; row++)
        {
            var distance = distances[first + row];
            if (distance > TraceOrder.ById)
            {
                var at = unchecked(row + ZigZag.Decode(distance - 1));
                if ((ulong)at >= (ulong)count)
                    reader.Fail(ColumnId.ParentDistances, $"a parent among {count} rows", $"row {at}");
                parents[row] = ids[(int)at];
            }
            else
            {
                parents[row] = distance == TraceOrder.Absent ? default : strangers[stranger++];
            }
        }
    }

    SpanId[] Strangers(int rows)
    {
        var distances = new ulong[rows];
        reader.Take(ColumnId.ParentDistances, rows, 0, distances);
        return MemoryMarshal.Cast<byte, SpanId>(reader.Bytes(ColumnId.ParentSpanIds, distances.AsSpan().Count(TraceOrder.ById) * SpanId.Bytes)).ToArray();
    }

    void AppendCodes(int first, int count, BatchTarget target)
    {
        var (spans, rows) = (target.Batch.Spans, reader.Directory.Rows);
        var scopes = spans.Scopes.Append(count);
        reader.TakeCodes(ColumnId.Scopes, rows, first, scopes, Math.Max(1, reader.Tables.Dictionary.Scopes.Count));
        for (var row = 0; row < count; row++)
            scopes[row] = target.ScopeOf(scopes[row]);
        AppendTexts(ColumnId.TraceStates, rows, first, spans.TraceStates.Append(count), target);
        AppendTexts(ColumnId.StatusMessages, rows, first, spans.StatusMessages.Append(count), target);
        AppendCounts(ColumnId.DroppedAttributes, rows, first, spans.DroppedAttributeCounts.Append(count));
        AppendCounts(ColumnId.DroppedEvents, rows, first, spans.DroppedEventCounts.Append(count));
        AppendCounts(ColumnId.DroppedLinks, rows, first, spans.DroppedLinkCounts.Append(count));
    }

    void AppendTexts(ColumnId id, int rows, int first, Span<int> into, BatchTarget target) => TakeTexts(reader, id, rows, first, into, target);

    void AppendCounts(ColumnId id, int rows, int first, Span<uint> into) => TakeCounts(reader, id, rows, first, into);

    public static void TakeTexts(RowGroupReader reader, ColumnId id, int rows, int first, Span<int> into, BatchTarget target)
    {
        reader.TakeCodes(id, rows, first, into, reader.StringCount);
        foreach (ref var code in into)
            code = target.CodeOf(code);
    }

    public static void TakeCounts(RowGroupReader reader, ColumnId id, int rows, int first, Span<uint> into)
    {
        if (reader.TryOpen(id, rows, out var column))
            column.Decode(first, into);
        else
            into.Clear();
    }

    void AppendFromShapes(SpanShape[] shapes, int first, int count, BatchTarget target)
    {
        var spans = target.Batch.Spans;
        var shapeOf = reader.ShapeOf.Slice(first, count);
        var names = spans.Names.Append(count);
        var kinds = spans.Kinds.Append(count);
        var statuses = spans.Statuses.Append(count);
        var flags = spans.Flags.Append(count);
        for (var row = 0; row < count; row++)
        {
            var shape = shapes[shapeOf[row]];
            names[row] = target.CodeOf(shape.Name);
            kinds[row] = shape.Kind;
            statuses[row] = shape.Status;
            flags[row] = shape.Flags;
        }
    }
}
