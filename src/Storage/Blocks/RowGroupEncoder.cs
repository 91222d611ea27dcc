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
internal sealed class RowGroupEncoder(ChunkWriter chunks, int sharedStrings) : IDisposable
{
    /// <summary>The shapes that a block has in common. What is more varied stays with its row groups.</summary>
    const int SharedShapesMax = 4_096, SharedNumbersMax = 1 << 17, SharedShapeNumbersMax = 512;

    readonly IntegerColumnWriter _numbers = new();
    readonly DoubleColumnWriter _doubles = new(new IntegerColumnWriter());
    readonly ShapeTable _ownShapes = new();
    readonly Column<int> _shapeNumbers = new();
    readonly Column<int> _shapes = new();
    readonly Column<ulong> _values = new();
    readonly Column<ulong> _dealt = new();
    readonly Column<int> _classes = new();
    readonly ByteWriter _bytes = new();
    readonly AttributeDealer _dealer = new();
    OwnStrings _own = new(0, 0);

    /// <summary>The shapes that row groups so far have in common.</summary>
    public ShapeTable SharedShapes { get; } = new();

    /// <summary>Appends the directory of the gathered row group, all but its checksum, and its chunks.</summary>
    public void Encode(RowGroupGatherer gatherer, TraceRuns runs, ByteWriter directory, ByteWriter data)
    {
        var group = gatherer.Group;
        runs.TakeReasons(gatherer);
        _own = new OwnStrings(sharedStrings, gatherer.Locals.Count - 1);
        var used = TakeShapes(group);
        var shapes = ReadShapes(used);
        var runCount = TraceOrder.Put(chunks, group.Spans);
        PutByName(group, shapes);
        PutFixed(group);
        PutEvents(group, shapes);
        PutLinks(group);
        PutAttributes(group, shapes);
        PutNested(group.Nested);
        runs.PutDecisions(chunks, _own);
        var stringBytes = PutStrings(gatherer.Locals);
        WriteDirectory(group, runCount, stringBytes, used, directory);
        chunks.Finish(directory, data);
    }

    public void Dispose()
    {
        _bytes.Dispose();
        _doubles.Dispose();
    }

    void WriteDirectory(SpanBatch group, int runCount, int stringBytes, int[] used, ByteWriter to)
    {
        to.WriteVarint((ulong)group.SpanCount);
        to.WriteVarint((ulong)runCount);
        to.WriteVarint((ulong)_own.Count);
        to.WriteVarint((ulong)stringBytes);
        to.WriteVarint((ulong)group.Nested.Count);
        var latest = NarrowColumn.Range(MemoryMarshal.Cast<UnixNanos, ulong>(group.Spans.Starts.Values)).Largest;
        WriteUsed(LatestStarts(_shapes.Values, group.Spans).Where(shape => shape.Key < used.Length).Select(shape => (used[shape.Key], shape.Value)), latest, to);
        to.WriteVarint((ulong)_ownShapes.Count);
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

    // Shared shapes keep their number for the whole block; the row group's own are numbered behind those it uses.
    int[] TakeShapes(SpanBatch group)
    {
        _ownShapes.Clear();
        _shapes.Clear();
        var used = new SortedSet<int>();
        var rows = _shapes.Append(group.SpanCount);
        for (var row = 0; row < rows.Length; row++)
        {
            _shapeNumbers.Clear();
            SpanShape.Describe(group, row, _shapeNumbers);
            var numbers = _shapeNumbers.Values;
            var hash = ShapeTable.Hash(numbers);
            var shape = SharedShapes.Find(numbers, hash);
            if (shape < 0 && SharedShapes.Count < SharedShapesMax && SharedShapes.NumberCount < SharedNumbersMax && numbers.Length <= SharedShapeNumbersMax)
                shape = SharedShapes.Add(numbers, hash);
            if (shape >= 0 && (row == 0 || rows[row - 1] != shape))
                used.Add(shape);
            if (shape < 0)
                shape = ~(_ownShapes.Find(numbers, hash) is var own and >= 0 ? own : _ownShapes.Add(numbers, hash));
            rows[row] = shape;
        }

        int[] sorted = [.. used];
        var ordinals = new Dictionary<int, int>();
        for (var at = 0; at < sorted.Length; at++)
            ordinals.Add(sorted[at], at);
        foreach (ref var shape in rows)
            shape = shape < 0 ? sorted.Length + ~shape : ordinals[shape];
        return sorted;
    }

    SpanShape[] ReadShapes(int[] used)
    {
        var shapes = new SpanShape[used.Length + _ownShapes.Count];
        for (var at = 0; at < shapes.Length; at++)
        {
            _bytes.Clear();
            SpanShape.Write(at < used.Length ? SharedShapes[used[at]] : _ownShapes[at - used.Length], _bytes);
            var reader = new ByteReader(_bytes.Written, "", 0);
            shapes[at] = SpanShape.Read(ref reader, sharedStrings);
        }

        _bytes.Clear();
        _ownShapes.Write(_bytes);
        chunks.PutBytes(ColumnId.OwnShapes, _bytes.Written);
        var codes = Values(_shapes.Count);
        for (var row = 0; row < codes.Length; row++)
            codes[row] = (ulong)_shapes[row];
        chunks.Put(ColumnId.Shapes, codes);
        return shapes;
    }

    void PutByName(SpanBatch group, SpanShape[] shapes)
    {
        var spans = group.Spans;
        var (classOf, classCount) = RowClasses.OfSpans(shapes);
        var counts = new int[classCount];
        _classes.Clear();
        var classes = _classes.Append(spans.Count);
        for (var row = 0; row < classes.Length; row++)
            counts[classes[row] = classOf[_shapes[row]]]++;
        ReadOnlySpan<UnixNanos> starts = spans.Starts.Values, ends = spans.Ends.Values;
        var values = Values(spans.Count);
        for (var row = 0; row < values.Length; row++)
            values[row] = unchecked(ends[row].Value - starts[row].Value);
        PutByClass(ColumnId.Durations, values, classes, counts);
        var ids = spans.TraceIds.Values;
        values = Values(spans.Count);
        for (var row = 0; row < values.Length; row++)
            values[row] = row == 0 || ids[row] != ids[row - 1] ? 0 : unchecked(starts[row].Value - starts[row - 1].Value);
        PutByClass(ColumnId.Starts, values, classes, counts);
    }

    void PutByClass(ColumnId id, ReadOnlySpan<ulong> values, ReadOnlySpan<int> classes, ReadOnlySpan<int> counts)
    {
        if (!values.ContainsAnyExcept(0UL))
            return;
        _dealt.Clear();
        var dealt = _dealt.Append(values.Length);
        ByNameColumn.Deal(values, classes, counts, dealt);
        _bytes.Clear();
        var start = 0;
        foreach (var count in counts)
        {
            if (count > 0)
                _numbers.Write(_bytes, dealt.Slice(start, count));
            start += count;
        }

        chunks.PutColumns(id, _bytes.Written);
    }

    void PutFixed(SpanBatch group)
    {
        var spans = group.Spans;
        PutCodes(ColumnId.Scopes, spans.Scopes.Values);
        PutTexts(ColumnId.TraceStates, spans.TraceStates.Values);
        PutTexts(ColumnId.StatusMessages, spans.StatusMessages.Values);
        PutCounts(ColumnId.DroppedAttributes, spans.DroppedAttributeCounts.Values);
        PutCounts(ColumnId.DroppedEvents, spans.DroppedEventCounts.Values);
        PutCounts(ColumnId.DroppedLinks, spans.DroppedLinkCounts.Values);
    }

    // An event lies close to the start of its span, or to the end, and which of the two its name tells.
    void PutEvents(SpanBatch group, SpanShape[] shapes)
    {
        var events = group.Events;
        if (events.Count == 0)
            return;
        var (classOf, classCount) = RowClasses.OfEvents(shapes);
        var counts = new int[classCount];
        _classes.Clear();
        var classes = _classes.Append(events.Count);
        var fromStart = new ulong[events.Count];
        var fromEnd = new ulong[events.Count];
        for (var row = 0; row < group.SpanCount; row++)
        {
            var rows = events[row];
            var names = classOf[_shapes[row]];
            for (var at = rows.Start; at < rows.End; at++)
            {
                counts[classes[at] = names[at - rows.Start]]++;
                fromStart[at] = ZigZag.Encode(unchecked((long)(events.Times[at].Value - group.Spans.Starts[row].Value)));
                fromEnd[at] = ZigZag.Encode(unchecked((long)(events.Times[at].Value - group.Spans.Ends[row].Value)));
            }
        }

        PutEventTimes(fromStart, fromEnd, classes, counts);
        PutCounts(ColumnId.EventDroppedAttributes, events.DroppedAttributeCounts.Values);
    }

    void PutEventTimes(ulong[] fromStart, ulong[] fromEnd, ReadOnlySpan<int> classes, ReadOnlySpan<int> counts)
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

    // Most links point into their own trace.
    void PutLinks(SpanBatch group)
    {
        var links = group.Links;
        if (links.Count == 0)
            return;
        var targets = Values(links.Count);
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
        PutTexts(ColumnId.LinkTraceStates, links.TraceStates.Values);
        PutCounts(ColumnId.LinkFlags, links.Flags.Values);
        PutCounts(ColumnId.LinkDroppedAttributes, links.DroppedAttributeCounts.Values);
    }

    void PutAttributes(SpanBatch group, SpanShape[] shapes)
    {
        _dealer.Deal(group, shapes, _shapes.Values);
        foreach (var column in _dealer.Columns)
        {
            var values = column.Values.Writable;
            switch (column.Key.Kind)
            {
                case ValueKind.Empty:
                    break;
                case ValueKind.String or ValueKind.Bytes:
                    foreach (ref var code in values)
                        code = (ulong)_own.CodeOf((int)code);
                    chunks.PutAttribute(column.Key, isSigned: false, values);
                    break;
                case ValueKind.Int:
                    PutIntegers(column.Key, values);
                    break;
                case ValueKind.Array or ValueKind.Map:
                    PutContainers(column.Key, values);
                    break;
                case ValueKind.Double:
                    _bytes.Clear();
                    _doubles.Write(_bytes, MemoryMarshal.Cast<ulong, double>(values));
                    chunks.PutAttribute(column.Key, isSigned: false, values.Length, _bytes.Written);
                    break;
                default:
                    chunks.PutAttribute(column.Key, isSigned: false, values);
                    break;
            }
        }
    }

    // Ordered as the numbers are, whatever their signs, so that a range stays a range.
    void PutIntegers(ColumnKey key, Span<ulong> values)
    {
        var isSigned = values.ContainsAnyInRange(1UL << 63, ulong.MaxValue);
        if (isSigned)
        {
            foreach (ref var value in values)
                value ^= 1UL << 63;
        }

        chunks.PutAttribute(key, isSigned, values);
    }

    void PutContainers(ColumnKey key, Span<ulong> values)
    {
        _bytes.Clear();
        var part = Values(values.Length);
        for (var row = 0; row < part.Length; row++)
            part[row] = values[row] >> 32;
        _numbers.Write(_bytes, part);
        for (var row = 0; row < part.Length; row++)
            part[row] = (uint)values[row];
        _numbers.Write(_bytes, part);
        chunks.PutAttribute(key, isSigned: false, values.Length, _bytes.Written);
    }

    void PutNested(NestedColumns nested)
    {
        if (nested.Count == 0)
            return;
        foreach (ref var key in nested.Keys.Writable)
            key = _own.CodeOf(key);
        var kinds = nested.Values.Kinds.Values;
        var bits = nested.Values.Bits.Writable;
        for (var row = 0; row < bits.Length; row++)
        {
            if (kinds[row] is ValueKind.String or ValueKind.Bytes)
                bits[row] = _own.CodeOf((int)bits[row]);
        }

        new BatchEncoder(chunks, sharedStrings + _own.Count).PutNested(nested, 0);
    }

    /// <returns>How many bytes the strings have.</returns>
    int PutStrings(StringTable locals)
    {
        if (_own.Count == 0)
            return 0;
        var lengths = Values(_own.Count);
        _bytes.Clear();
        for (var at = 0; at < lengths.Length; at++)
        {
            var text = locals[_own.Order[at] + 1];
            lengths[at] = (ulong)text.Length;
            _bytes.Write(text);
        }

        chunks.Put(ColumnId.StringLengths, lengths);
        chunks.PutBytes(ColumnId.StringBytes, _bytes.Written);
        return _bytes.Count;
    }

    void PutTexts(ColumnId id, ReadOnlySpan<int> codes)
    {
        var values = Values(codes.Length);
        for (var row = 0; row < values.Length; row++)
            values[row] = (ulong)_own.CodeOf(codes[row]);
        chunks.Put(id, values);
    }

    void PutCodes(ColumnId id, ReadOnlySpan<int> codes)
    {
        var values = Values(codes.Length);
        for (var row = 0; row < values.Length; row++)
            values[row] = (ulong)codes[row];
        chunks.Put(id, values);
    }

    void PutCounts(ColumnId id, ReadOnlySpan<uint> counts)
    {
        var values = Values(counts.Length);
        for (var row = 0; row < values.Length; row++)
            values[row] = counts[row];
        chunks.Put(id, values);
    }

    Span<ulong> Values(int count)
    {
        _values.Clear();
        return _values.Append(count);
    }
}
