using System.Buffers;
using System.Runtime.InteropServices;
using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Deals the values of attribute columns back to spans, events and links: the mirror of <see cref="AttributeDealer"/>.</summary>
internal sealed class AttributeDecoder
{
    readonly RowGroupReader _reader;
    readonly SpanShape[] _shapes;
    readonly NestedValues _nested;
    readonly BatchTarget _target;
    readonly Dictionary<ColumnKey, int> _columnOf = [];
    readonly int[]?[] _onSpan, _onEvents, _onLinks;
    readonly int[] _before, _within, _all, _next;

    public AttributeDecoder(RowGroupReader reader, ShapeCounts counts, NestedValues nested, BatchTarget target)
    {
        (_reader, _shapes, _nested, _target) = (reader, reader.Shapes, nested, target);
        var columns = reader.Directory.Attributes;
        for (var column = 0; column < columns.Count; column++)
            _columnOf[columns[column].Key] = column;
        (_before, _within, _all, _next) = (new int[columns.Count], new int[columns.Count], new int[columns.Count], new int[columns.Count]);
        (_onSpan, _onEvents, _onLinks) = (new int[_shapes.Length][], new int[_shapes.Length][], new int[_shapes.Length][]);
        for (var shape = 0; shape < _shapes.Length; shape++)
            Plan(shape, counts);
    }

    public void Append(int first, int count)
    {
        var values = Decode();
        var shapeOf = _reader.ShapeOf.Slice(first, count);
        var batch = _target.Batch;
        foreach (var shape in shapeOf)
            Append(_shapes[shape].Attributes, _onSpan[shape]!, values, batch.Spans.Attributes);
        foreach (var shape in shapeOf)
            Append(_shapes[shape].EventAttributes, _onEvents[shape]!, values, batch.Events.Attributes);
        foreach (var shape in shapeOf)
            Append(_shapes[shape].LinkAttributes, _onLinks[shape]!, values, batch.Links.Attributes);
        ArrayPool<ulong>.Shared.Return(values);
    }

    // What shapes say has to be what columns have, or values would go to the wrong owners.
    void Plan(int shape, ShapeCounts counts)
    {
        _onSpan[shape] = Count(_shapes[shape].Attributes, counts, shape);
        _onEvents[shape] = [.. _shapes[shape].EventAttributes.SelectMany(keys => Count(keys, counts, shape))];
        _onLinks[shape] = [.. _shapes[shape].LinkAttributes.SelectMany(keys => Count(keys, counts, shape))];
    }

    int[] Count(ColumnKey[] keys, ShapeCounts counts, int shape)
    {
        var columns = new int[keys.Length];
        for (var at = 0; at < keys.Length; at++)
        {
            var column = -1;
            if (keys[at].Kind != ValueKind.Empty && !_columnOf.TryGetValue(keys[at], out column))
                _reader.Fail(ColumnId.Shapes, "a column for each key of a shape", $"none for key {keys[at].Code}");
            columns[at] = column;
            if (column < 0)
                continue;
            _before[column] = Add(_before[column], counts.Before[shape]);
            _within[column] = Add(_within[column], counts.Within[shape]);
            _all[column] = Add(_all[column], counts.Before[shape] + counts.Within[shape] + counts.After[shape]);
        }

        return columns;
    }

    int Add(int sum, int more)
    {
        if (more > SpanShape.PartsMax - sum)
            _reader.Fail(ColumnId.Shapes, $"at most {SpanShape.PartsMax} values", "more");
        return sum + more;
    }

    ulong[] Decode()
    {
        long total = 0;
        for (var column = 0; column < _within.Length; column++)
        {
            _next[column] = (int)total;
            total += _within[column];
            if (total > SpanShape.PartsMax)
                _reader.Fail(ColumnId.Shapes, $"at most {SpanShape.PartsMax} values", "more");
        }

        var values = ArrayPool<ulong>.Shared.Rent((int)total);
        for (var column = 0; column < _within.Length; column++)
        {
            var chunk = _reader.Directory.Attributes[column];
            if (chunk.Rows != _all[column])
                _reader.Fail(chunk, $"{_all[column]} values", $"{chunk.Rows}");
            if (_within[column] > 0)
                Decode(chunk, _before[column], values.AsSpan(_next[column], _within[column]));
        }

        return values;
    }

    void Decode(in RowGroupDirectory.AttributeChunk chunk, int first, Span<ulong> into)
    {
        var columns = _reader.Columns(chunk);
        if (chunk.Key.Kind == ValueKind.Double)
        {
            DoubleColumn.Open(ref columns, chunk.Rows).Decode(first, MemoryMarshal.Cast<ulong, double>(into));
            columns.ExpectEnd();
            return;
        }

        var numbers = IntegerColumn.Open(ref columns, chunk.Rows);
        numbers.Decode(first, into);
        switch (chunk.Key.Kind)
        {
            case ValueKind.String or ValueKind.Bytes when numbers.Largest >= (ulong)_reader.StringCount:
                _reader.Fail(chunk, $"codes below {_reader.StringCount}", $"{numbers.Largest}");
                break;
            case ValueKind.Bool when numbers.Largest > 1:
                _reader.Fail(chunk, "0 or 1", $"{numbers.Largest}");
                break;
            case ValueKind.Int when chunk.IsSigned:
                foreach (ref var number in into)
                    number ^= 1UL << 63;
                break;
            case ValueKind.Array or ValueKind.Map:
                DecodeContainers(ref columns, chunk, first, into);
                break;
            default:
                break;
        }

        columns.ExpectEnd();
    }

    void DecodeContainers(ref ByteReader columns, in RowGroupDirectory.AttributeChunk chunk, int first, Span<ulong> starts)
    {
        var counts = new ulong[starts.Length];
        IntegerColumn.Open(ref columns, chunk.Rows).Decode(first, counts.AsSpan());
        for (var row = 0; row < starts.Length; row++)
        {
            if (starts[row] > int.MaxValue || counts[row] > int.MaxValue)
                _reader.Fail(chunk, "rows of nested values", $"{counts[row]} from {starts[row]} on");
            starts[row] = (starts[row] << 32) | counts[row];
        }
    }

    void Append(ColumnKey[][] owners, int[] columns, ulong[] values, AttributeColumns to)
    {
        var at = 0;
        foreach (var keys in owners)
        {
            Append(keys, columns.AsSpan(at, keys.Length), values, to);
            at += keys.Length;
        }
    }

    void Append(ColumnKey[] keys, ReadOnlySpan<int> columns, ulong[] values, AttributeColumns to)
    {
        for (var at = 0; at < keys.Length; at++)
        {
            var kind = keys[at].Kind;
            var bits = columns[at] < 0 ? 0 : values[_next[columns[at]]++];
            to.Add(_target.CodeOf(keys[at].Code), kind switch
            {
                ValueKind.String or ValueKind.Bytes => new AnyValue(kind, _target.CodeOf((int)bits)),
                ValueKind.Array or ValueKind.Map => _nested.Copy(kind, bits, _target),
                _ => new AnyValue(kind, (long)bits),
            });
        }

        to.EndOwner();
    }
}
