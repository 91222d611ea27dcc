using System.Runtime.InteropServices;
using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Puts spans together from the columns of a row group, and trusts none of them: whatever they contain, the spans are well formed or there are none.</summary>
/// <param name="reader">Has a row group open.</param>
/// <param name="projection">What is decoded; all else is left at its default.</param>
internal sealed class RowGroupDecoder(RowGroupReader reader, BlockProjection projection)
{
    public RowGroupDecoder(RowGroupReader reader)
        : this(reader, BlockProjection.Whole)
    {
    }

    /// <summary>Appends the rows of one trace.</summary>
    public void AppendTrace(TraceId id, BatchTarget target)
    {
        var runs = reader.Runs;
        for (var run = 0; run < runs.Count; run++)
        {
            if (runs.Ids[run] == id)
                Append(runs.FirstRow(run), runs.FirstRow(run + 1) - runs.FirstRow(run), target);
        }
    }

    /// <summary>Appends rows, from the first of a run on, up to the last of one.</summary>
    public void Append(int first, int count, BatchTarget target)
    {
        if (count == 0)
            return;
        target.Begin(reader);
        var spans = target.Batch.Spans;
        var firstSpan = spans.Count;
        var counts = new ShapeCounts(reader, first, count);
        AppendTraces(first, count, spans);
        AppendTimes(counts, first, count, spans);
        AppendIds(first, count, spans, firstSpan);
        AppendCodes(first, count, target);
        AppendFromShapes(first, count, target);
        AppendParts(counts, first, count, firstSpan, target);
    }

    void AppendTraces(int first, int count, SpanColumns spans)
    {
        if (!projection.Has(SpanFields.TraceIds))
        {
            spans.TraceIds.AddDefaults(count);
            return;
        }

        var runs = reader.Runs;
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
        if (!projection.Has(SpanFields.Starts))
        {
            spans.Starts.AddDefaults(count);
            spans.Ends.AddDefaults(count);
            return;
        }

        var starts = MemoryMarshal.Cast<UnixNanos, ulong>(spans.Starts.Append(count));
        SpanTimes.TakeStarts(reader, counts, first, starts);
        if (!projection.Has(SpanFields.Ends))
        {
            spans.Ends.AddDefaults(count);
            return;
        }

        var ends = MemoryMarshal.Cast<UnixNanos, ulong>(spans.Ends.Append(count));
        SpanTimes.TakeDurations(reader, counts, first, ends);
        for (var row = 0; row < ends.Length; row++)
            ends[row] = unchecked(ends[row] + starts[row]);
    }

    void AppendIds(int first, int count, SpanColumns spans, int firstSpan)
    {
        if (!projection.Has(SpanFields.SpanIds))
        {
            spans.SpanIds.AddDefaults(count);
            spans.ParentSpanIds.AddDefaults(count);
            return;
        }

        var rows = reader.Directory.Rows;
        reader.Bytes(ColumnId.SpanIds, checked(rows * SpanId.Bytes)).Slice(first * SpanId.Bytes, count * SpanId.Bytes)
            .CopyTo(MemoryMarshal.AsBytes(spans.SpanIds.Append(count)));
        if (projection.Has(SpanFields.ParentSpanIds))
            AppendParents(first, spans.SpanIds.Values.Slice(firstSpan, count), spans.ParentSpanIds.Append(count));
        else
            spans.ParentSpanIds.AddDefaults(count);
    }

    void AppendParents(int first, ReadOnlySpan<SpanId> ids, Span<SpanId> parents)
    {
        var rows = reader.Directory.Rows;
        // How many of them are stored by id is known only once all rows were looked at.
        using var rented = Rented<ulong>.Of(rows);
        reader.Take(ColumnId.ParentDistances, rows, 0, rented.Span);
        var stranger = rented.Span[..first].Count(TraceOrder.ById);
        var distances = rented.Span.Slice(first, ids.Length);
        var strangers = distances.Contains(TraceOrder.ById)
            ? MemoryMarshal.Cast<byte, SpanId>(reader.Bytes(ColumnId.ParentSpanIds, rented.Span.Count(TraceOrder.ById) * SpanId.Bytes))
            : [];
        for (var row = 0; row < parents.Length; row++)
        {
            var distance = distances[row];
            if (distance > TraceOrder.ById)
            {
                var at = unchecked(row + ZigZag.Decode(distance - 1));
                if ((ulong)at >= (ulong)ids.Length)
                    reader.Fail(ColumnId.ParentDistances, $"a parent among {ids.Length} rows", $"row {at}");
                parents[row] = ids[(int)at];
            }
            else
            {
                parents[row] = distance == TraceOrder.Absent ? default : strangers[stranger++];
            }
        }
    }

    void AppendCodes(int first, int count, BatchTarget target)
    {
        var (spans, rows) = (target.Batch.Spans, reader.Directory.Rows);
        var scopeCount = reader.Tables.Dictionary.Scopes.Count;
        if (scopeCount == 0)
            reader.Fail(ColumnId.Scopes, "scopes", "none in the dictionary");
        var scopes = spans.Scopes.Append(count);
        reader.TakeCodes(ColumnId.Scopes, rows, first, scopes, scopeCount);
        target.MapScopes(scopes);
        AppendTexts(ColumnId.TraceStates, SpanFields.TraceStates, first, count, spans.TraceStates, target);
        AppendTexts(ColumnId.StatusMessages, SpanFields.StatusMessages, first, count, spans.StatusMessages, target);
        AppendCounts(ColumnId.DroppedAttributes, first, count, spans.DroppedAttributeCounts);
        AppendCounts(ColumnId.DroppedEvents, first, count, spans.DroppedEventCounts);
        AppendCounts(ColumnId.DroppedLinks, first, count, spans.DroppedLinkCounts);
    }

    void AppendTexts(ColumnId id, SpanFields field, int first, int count, Column<int> to, BatchTarget target)
    {
        if (projection.Has(field) && reader.Directory.TryFind(id, out _, out _))
            TakeTexts(reader, id, reader.Directory.Rows, first, to.Append(count), target);
        else
            to.AddDefaults(count);
    }

    void AppendCounts(ColumnId id, int first, int count, Column<uint> to)
    {
        if (projection.Has(SpanFields.Others) && reader.TryOpen(id, reader.Directory.Rows, out var column))
            column.Decode(first, to.Append(count));
        else
            to.AddDefaults(count);
    }

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

    void AppendFromShapes(int first, int count, BatchTarget target)
    {
        var spans = target.Batch.Spans;
        AppendOfShapes(SpanFields.Names, first, count, spans.Names, shape => target.CodeOf(shape.Name));
        AppendOfShapes(SpanFields.Kinds, first, count, spans.Kinds, shape => shape.Kind);
        AppendOfShapes(SpanFields.Statuses, first, count, spans.Statuses, shape => shape.Status);
        AppendOfShapes(SpanFields.Others, first, count, spans.Flags, shape => shape.Flags);
    }

    void AppendOfShapes<T>(SpanFields field, int first, int count, Column<T> to, Func<SpanShape, T> get)
        where T : unmanaged
    {
        if (!projection.Has(field))
        {
            to.AddDefaults(count);
            return;
        }

        var shapes = reader.Shapes;
        using var rented = Rented<T>.Of(shapes.Length);
        var ofShapes = rented.Span;
        for (var shape = 0; shape < shapes.Length; shape++)
            ofShapes[shape] = get(shapes[shape]);
        var shapeOf = reader.ShapeOf.Slice(first, count);
        var values = to.Append(count);
        for (var row = 0; row < values.Length; row++)
            values[row] = ofShapes[shapeOf[row]];
    }

    void AppendParts(ShapeCounts counts, int first, int count, int firstSpan, BatchTarget target)
    {
        var (spans, events, links) = (target.Batch.Spans, target.Batch.Events, target.Batch.Links);
        var (hasEvents, hasLinks) = (projection.Has(SpanFields.Events), projection.Has(SpanFields.Links));
        if (projection.HasAttributes || hasEvents || hasLinks)
            new AttributeDecoder(reader, projection, counts, target).Append(first, count);
        else
            spans.Attributes.EndOwners(count);
        if (hasEvents)
            new EventDecoder(reader, counts).Append(first, count, firstSpan, target);
        else
            events.EndSpans(count);
        if (hasLinks)
            new LinkDecoder(reader, counts).Append(first, count, firstSpan, target);
        else
            links.EndSpans(count);
    }
}
