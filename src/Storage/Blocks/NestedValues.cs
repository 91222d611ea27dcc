using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>What the arrays and maps of a row group contain, with the row group's codes, checked so that following containers always ends.</summary>
internal sealed class NestedValues
{
    /// <summary>Containers lie no deeper in each other than this; more than any protocol here takes.</summary>
    const int DepthMax = 1_000;

    readonly RowGroupReader _reader;
    readonly NestedColumns _nested;
    readonly bool[] _isTaken;

    NestedValues(RowGroupReader reader, NestedColumns nested)
    {
        _reader = reader;
        _nested = nested;
        _isTaken = new bool[nested.Count];
    }

    public static NestedValues Read(RowGroupReader reader)
    {
        var nested = new NestedColumns();
        if (reader.Directory.NestedCount > 0)
            new BatchDecoder(new NestedSource(reader), reader.StringCount).TakeNested(nested, reader.Directory.NestedCount);
        return new NestedValues(reader, nested);
    }

    /// <summary>Copies a container with all it contains.</summary>
    /// <param name="bits">Its first row, shifted by 32, and the number of its rows.</param>
    public AnyValue Copy(ValueKind kind, ulong bits, BatchTarget target, int depth = 0)
    {
        var (start, count) = (bits >> 32, (int)(uint)bits);
        if (start + (uint)count > (ulong)_nested.Count || depth > DepthMax)
            _reader.Fail(ColumnId.NestedValues, $"containers of {_nested.Count} rows, at most {DepthMax} deep", $"{count} from {start} on, {depth} deep");
        var first = target.Batch.Nested.Append(count);
        for (var at = 0; at < count; at++)
            target.Batch.Nested.Set(first + at, target.CodeOf(_nested.Keys[(int)start + at]), CopyRow((int)start + at, target, depth));
        return kind == ValueKind.Array ? AnyValue.OfArray(first, count) : AnyValue.OfMap(first, count);
    }

    AnyValue CopyRow(int row, BatchTarget target, int depth)
    {
        // A row is in one container only: else a few rows could stand for more values than there is memory.
        if (_isTaken[row])
            _reader.Fail(ColumnId.NestedValues, "each row in one container", $"row {row} in two");
        _isTaken[row] = true;
        var value = _nested.Values[row];
        if (value.IsText)
            return value with { Bits = target.CodeOf(value.Code) };
        return value.IsContainer ? Copy(value.Kind, (ulong)value.Bits, target, depth + 1) : value;
    }

    /// <summary>Nested values are columns of a batch like those of a segment.</summary>
    sealed class NestedSource(RowGroupReader reader) : ColumnSource
    {
        public override void Take(ColumnId id, Span<ulong> values) => reader.Take(id, values.Length, 0, values);

        public override void TakeBytes(ColumnId id, Span<byte> bytes) => reader.Bytes(id, bytes.Length).CopyTo(bytes);

        [System.Diagnostics.CodeAnalysis.DoesNotReturn]
        public override void Fail(ColumnId id, string expected, string found) => reader.Fail(id, expected, found);
    }
}
