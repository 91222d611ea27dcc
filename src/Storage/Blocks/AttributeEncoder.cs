using System.Runtime.InteropServices;
using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Puts the attributes of spans, events and links: a column per owner, key and kind of value.</summary>
internal sealed class AttributeEncoder(ChunkWriter chunks, RowGroupColumns columns) : IDisposable
{
    readonly IntegerColumnWriter _numbers = new();
    readonly DoubleColumnWriter _doubles = new(new IntegerColumnWriter());
    readonly ByteWriter _bytes = new();
    readonly AttributeDealer _dealer = new();

    public void Put(SpanBatch group, GroupShapes shapes)
    {
        _dealer.Deal(group, shapes.All, shapes.OfRows);
        foreach (var column in _dealer.Columns)
        {
            var values = column.Values.Writable;
            switch (column.Key.Kind)
            {
                case ValueKind.Empty:
                    break;
                case ValueKind.String or ValueKind.Bytes:
                    foreach (ref var code in values)
                        code = (ulong)columns.Own.CodeOf((int)code);
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

    public void Dispose()
    {
        _bytes.Dispose();
        _doubles.Dispose();
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
        var part = columns.Values(values.Length);
        for (var row = 0; row < part.Length; row++)
            part[row] = values[row] >> 32;
        _numbers.Write(_bytes, part);
        for (var row = 0; row < part.Length; row++)
            part[row] = (uint)values[row];
        _numbers.Write(_bytes, part);
        chunks.PutAttribute(key, isSigned: false, values.Length, _bytes.Written);
    }
}
