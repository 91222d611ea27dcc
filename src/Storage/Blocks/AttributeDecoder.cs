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
    readonly BlockProjection _projection;
    readonly BatchTarget _target;
    readonly Dictionary<ColumnKey, int> _columnOf = [];
    readonly Step[][] _onSpan;
    readonly Step[][][] _onEvents, _onLinks;
    readonly int[] _before, _within, _all, _next;
    NestedValues? _nested;

    public AttributeDecoder(RowGroupReader reader, BlockProjection projection, ShapeCounts counts, BatchTarget target)
    {
        (_reader, _shapes, _projection, _target) = (reader, reader.Shapes, projection, target);
        var columns = reader.Directory.Attributes;
        for (var column = 0; column < columns.Count; column++)
            _columnOf[columns[column].Key] = column;
        (_before, _within, _all, _next) = (new int[columns.Count], new int[columns.Count], new int[columns.Count], new int[columns.Count]);
        (_onSpan, _onEvents, _onLinks) = (new Step[_shapes.Length][], new Step[_shapes.Length][][], new Step[_shapes.Length][][]);
        for (var shape = 0; shape < _shapes.Length; shape++)
            Plan(shape, counts);
    }

    public void Append(int first, int count)
    {
        var values = Decode();
        var shapeOf = _reader.ShapeOf.Slice(first, count);
        var batch = _target.Batch;
        var (attributes, onSpan) = (0L, _onSpan);
        foreach (var shape in shapeOf)
            attributes += onSpan[shape].Length;
        var spans = new Rows(batch.Spans.Attributes, Checked(attributes), count);
        foreach (var shape in shapeOf)
            Append(onSpan[shape], values, ref spans);
        Append(_onEvents, shapeOf, values, batch.Events.Attributes);
        Append(_onLinks, shapeOf, values, batch.Links.Attributes);
        ArrayPool<ulong>.Shared.Return(values);
    }

    // What shapes say has to be what columns have, or values would go to the wrong owners.
    void Plan(int shape, ShapeCounts counts)
    {
        _onSpan[shape] = Steps(ValueOwner.Span, _shapes[shape].Attributes, counts, shape);
        _onEvents[shape] = _projection.Has(SpanFields.Events) ? Array.ConvertAll(_shapes[shape].EventAttributes, keys => Steps(ValueOwner.Event, keys, counts, shape)) : [];
        _onLinks[shape] = _projection.Has(SpanFields.Links) ? Array.ConvertAll(_shapes[shape].LinkAttributes, keys => Steps(ValueOwner.Link, keys, counts, shape)) : [];
    }

    Step[] Steps(ValueOwner owner, ColumnKey[] keys, ShapeCounts counts, int shape)
    {
        if (owner == ValueOwner.Span && !Array.Exists(keys, key => _projection.HasKey(key.Code)))
            return [];
        var steps = new List<Step>(keys.Length);
        foreach (var key in keys)
        {
            if (owner == ValueOwner.Span && !_projection.HasKey(key.Code))
                continue;
            var column = -1;
            if (key.Kind != ValueKind.Empty && !_columnOf.TryGetValue(key, out column))
                _reader.Fail(ColumnId.Shapes, "a column for each key of a shape", $"none for key {key.Code}");
            steps.Add(new Step(counts.Within[shape] > 0 ? _target.CodeOf(key.Code) : 0, key.Kind, column));
            if (column < 0)
                continue;
            _before[column] = Add(_before[column], counts.Before[shape]);
            _within[column] = Add(_within[column], counts.Within[shape]);
            _all[column] = Add(_all[column], counts.Before[shape] + counts.Within[shape] + counts.After[shape]);
        }

        return [.. steps];
    }

    int Add(int sum, int more) => Checked((long)sum + more);

    int Checked(long count)
    {
        if (count > SpanShape.PartsMax)
            _reader.Fail(ColumnId.Shapes, $"at most {SpanShape.PartsMax} values", "more");
        return (int)count;
    }

    ulong[] Decode()
    {
        long total = 0;
        for (var column = 0; column < _within.Length; column++)
        {
            _next[column] = (int)total;
            total = Checked(total + _within[column]);
        }

        var values = ArrayPool<ulong>.Shared.Rent((int)total);
        for (var column = 0; column < _within.Length; column++)
        {
            var chunk = _reader.Directory.Attributes[column];
            if (chunk.Rows != _all[column] && _projection.Has(chunk.Key))
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

    void Append(Step[][][] ofShapes, ReadOnlySpan<int> shapeOf, ulong[] values, AttributeColumns to)
    {
        var (attributes, owners) = (0L, 0L);
        foreach (var shape in shapeOf)
        {
            owners += ofShapes[shape].Length;
            foreach (var steps in ofShapes[shape])
                attributes += steps.Length;
        }

        var rows = new Rows(to, Checked(attributes), Checked(owners));
        foreach (var shape in shapeOf)
        {
            foreach (var steps in ofShapes[shape])
                Append(steps, values, ref rows);
        }
    }

    void Append(Step[] steps, ulong[] values, ref Rows to)
    {
        foreach (var step in steps)
        {
            var bits = step.Column < 0 ? 0 : values[_next[step.Column]++];
            to.Add(step.Key, step.Kind, step.Kind switch
            {
                ValueKind.String or ValueKind.Bytes => _target.CodeOf((int)bits),
                ValueKind.Array or ValueKind.Map => (_nested ??= NestedValues.Read(_reader)).Copy(step.Kind, bits, _target).Bits,
                _ => (long)bits,
            });
        }

        to.EndOwner();
    }

    /// <summary>An attribute of a shape, and the column that its values are taken from; none for values that are empty.</summary>
    /// <param name="Key">The batch's code.</param>
    readonly record struct Step(int Key, ValueKind Kind, int Column);

    /// <summary>Room for attributes of which it is known how many there are.</summary>
    ref struct Rows
    {
        readonly Span<int> _keys, _ends;
        readonly Span<ValueKind> _kinds;
        readonly Span<long> _bits;
        readonly int _before;
        int _count, _owners;

        public Rows(AttributeColumns columns, int count, int ownerCount)
        {
            _before = columns.Count;
            _ends = columns.Ends.Append(ownerCount);
            _keys = columns.Keys.Append(count);
            _kinds = columns.Values.Kinds.Append(count);
            _bits = columns.Values.Bits.Append(count);
        }

        public void Add(int key, ValueKind kind, long bits)
        {
            _keys[_count] = key;
            _kinds[_count] = kind;
            _bits[_count++] = bits;
        }

        public void EndOwner() => _ends[_owners++] = _before + _count;
    }
}
