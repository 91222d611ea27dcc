using System.Runtime.InteropServices;
using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Takes the gathered rows of a row group apart into chunks and a directory. <see cref="RowGroupReader"/> is its mirror.</summary>
/// <remarks>
/// <code>
/// directory: | rows | runs | own strings | their bytes | nested values | shapes used | own shapes | scopes used | chunk count | entry per chunk | crc32c u32 |
/// shapes, scopes used: | count | per number, ascending: distance to the one before, (row group's latest start - its own latest start) / 2^20 |
/// </code>
/// All numbers are varints but the last. The shapes of a row group are the block's that it uses, then its own; a row has the position of its shape among them. Own strings are
/// numbered in the order in which the columns use them, so that a column of nothing but unique values is a column of ascending codes, which takes no space at all.
/// </remarks>
internal sealed class RowGroupEncoder : IDisposable
{
    readonly ChunkWriter _chunks;
    readonly int _sharedStrings;
    readonly RowGroupColumns _columns;
    readonly GroupShapes _shapes;
    readonly EventEncoder _events;
    readonly LinkEncoder _links;
    readonly AttributeEncoder _attributes;
    readonly Column<int> _classes = new();
    readonly ByteWriter _bytes = new();

    public RowGroupEncoder(ChunkWriter chunks, int sharedStrings)
    {
        _chunks = chunks;
        _sharedStrings = sharedStrings;
        _columns = new RowGroupColumns(chunks);
        _shapes = new GroupShapes(sharedStrings);
        _events = new EventEncoder(chunks, _columns);
        _links = new LinkEncoder(chunks, _columns);
        _attributes = new AttributeEncoder(chunks, _columns);
    }

    /// <summary>The shapes that row groups so far have in common.</summary>
    public ShapeTable SharedShapes => _shapes.Shared;

    /// <summary>Appends the directory of the gathered row group, all but its checksum, and its chunks.</summary>
    public void Encode(RowGroupGatherer gatherer, TraceRuns runs, ByteWriter directory, ByteWriter data)
    {
        var group = gatherer.Group;
        runs.TakeReasons(gatherer);
        _columns.Begin(new OwnStrings(_sharedStrings, gatherer.Locals.Count - 1));
        _shapes.Take(group);
        _shapes.Put(_chunks, _columns);
        var runCount = TraceOrder.Put(_chunks, group.Spans);
        PutTimes(group);
        PutFixed(group);
        _events.Put(group, _shapes);
        _links.Put(group);
        _attributes.Put(group, _shapes);
        PutNested(group.Nested);
        runs.PutDecisions(_chunks, _columns.Own);
        var stringBytes = PutStrings(gatherer.Locals);
        WriteDirectory(group, runCount, stringBytes, directory);
        _chunks.Finish(directory, data);
    }

    public void Dispose()
    {
        _columns.Dispose();
        _shapes.Dispose();
        _events.Dispose();
        _attributes.Dispose();
        _bytes.Dispose();
    }

    void PutTimes(SpanBatch group)
    {
        var spans = group.Spans;
        var (classOf, classCount) = RowClasses.OfSpans(_shapes.All);
        var shapeOf = _shapes.OfRows;
        var counts = new int[classCount];
        _classes.Clear();
        var classes = _classes.Append(spans.Count);
        for (var row = 0; row < classes.Length; row++)
            counts[classes[row] = classOf[shapeOf[row]]]++;
        ReadOnlySpan<UnixNanos> starts = spans.Starts.Values, ends = spans.Ends.Values;
        var values = _columns.Values(spans.Count);
        for (var row = 0; row < values.Length; row++)
            values[row] = unchecked(ends[row].Value - starts[row].Value);
        _columns.PutByClass(ColumnId.Durations, values, classes, counts);
        var ids = spans.TraceIds.Values;
        values = _columns.Values(spans.Count);
        for (var row = 0; row < values.Length; row++)
            values[row] = row == 0 || ids[row] != ids[row - 1] ? 0 : unchecked(starts[row].Value - starts[row - 1].Value);
        _columns.PutByClass(ColumnId.Starts, values, classes, counts);
    }

    void PutFixed(SpanBatch group)
    {
        var spans = group.Spans;
        _columns.PutCodes(ColumnId.Scopes, spans.Scopes.Values);
        _columns.PutTexts(ColumnId.TraceStates, spans.TraceStates.Values);
        _columns.PutTexts(ColumnId.StatusMessages, spans.StatusMessages.Values);
        _columns.PutCounts(ColumnId.DroppedAttributes, spans.DroppedAttributeCounts.Values);
        _columns.PutCounts(ColumnId.DroppedEvents, spans.DroppedEventCounts.Values);
        _columns.PutCounts(ColumnId.DroppedLinks, spans.DroppedLinkCounts.Values);
    }

    void PutNested(NestedColumns nested)
    {
        if (nested.Count == 0)
            return;
        foreach (ref var key in nested.Keys.Writable)
            key = _columns.Own.CodeOf(key);
        var kinds = nested.Values.Kinds.Values;
        var bits = nested.Values.Bits.Writable;
        for (var row = 0; row < bits.Length; row++)
        {
            if (kinds[row] is ValueKind.String or ValueKind.Bytes)
                bits[row] = _columns.Own.CodeOf((int)bits[row]);
        }

        new BatchEncoder(_chunks, _sharedStrings + _columns.Own.Count).PutNested(nested, 0);
    }

    /// <returns>How many bytes the strings have.</returns>
    int PutStrings(StringTable locals)
    {
        if (_columns.Own.Count == 0)
            return 0;
        var lengths = _columns.Values(_columns.Own.Count);
        _bytes.Clear();
        for (var at = 0; at < lengths.Length; at++)
        {
            var text = locals[_columns.Own.Order[at] + 1];
            lengths[at] = (ulong)text.Length;
            _bytes.Write(text);
        }

        _chunks.Put(ColumnId.StringLengths, lengths);
        _chunks.PutBytes(ColumnId.StringBytes, _bytes.Written);
        return _bytes.Count;
    }

    void WriteDirectory(SpanBatch group, int runCount, int stringBytes, ByteWriter to)
    {
        to.WriteVarint((ulong)group.SpanCount);
        to.WriteVarint((ulong)runCount);
        to.WriteVarint((ulong)_columns.Own.Count);
        to.WriteVarint((ulong)stringBytes);
        to.WriteVarint((ulong)group.Nested.Count);
        var used = _shapes.Used;
        var latest = NarrowColumn.Range(MemoryMarshal.Cast<UnixNanos, ulong>(group.Spans.Starts.Values)).Largest;
        WriteUsed(LatestStarts(_shapes.OfRows, group.Spans).Where(shape => shape.Key < used.Length).Select(shape => (used[shape.Key], shape.Value)), latest, to);
        to.WriteVarint((ulong)_shapes.OwnCount);
        WriteUsed(LatestStarts(group.Spans.Scopes.Values, group.Spans).Select(scope => (scope.Key, scope.Value)), latest, to);
    }

    static SortedDictionary<int, ulong> LatestStarts(ReadOnlySpan<int> numbers, SpanColumns spans)
    {
        var latest = new SortedDictionary<int, ulong>();
        for (var row = 0; row < numbers.Length; row++)
        {
            if (!latest.TryGetValue(numbers[row], out var known) || known < spans.Starts[row].Value)
                latest[numbers[row]] = spans.Starts[row].Value;
        }

        return latest;
    }

    static void WriteUsed(IEnumerable<(int Number, ulong Start)> used, ulong latest, ByteWriter to)
    {
        (int Number, ulong Start)[] all = [.. used];
        to.WriteVarint((ulong)all.Length);
        var before = 0;
        foreach (var (number, start) in all)
        {
            to.WriteVarint((ulong)(number - before));
            to.WriteVarint((latest - start) >> RowGroupDirectory.StartShift);
            before = number;
        }
    }
}
