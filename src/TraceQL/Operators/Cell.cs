using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using Clew.Model;

namespace Clew.TraceQL.Operators;

/// <summary>A value while a query is worked out: texts and arrays stay where they are in a batch, so that nothing is allocated for a span that is only looked at.</summary>
/// <remarks>Good for as long as its batch is, and the field that gave it has not moved on to the next span.</remarks>
internal readonly struct Cell
{
    readonly long _bits;

    // Text: a StringTable, of which the bits are a code, or the bytes. Array: a batch, of which the bits are an AnyValue's, or cells, of which the bits are the count.
    readonly object? _content;

    Cell(ValueType type, long bits, object? content = null) => (Type, _bits, _content) = (type, bits, content);

    public static Cell Nil => default;

    public static Cell True { get; } = new(ValueType.Bool, 1);

    public static Cell False { get; } = new(ValueType.Bool, 0);

    public ValueType Type { get; }

    public bool IsNil => Type == ValueType.Nil;

    public bool IsTrue => Type == ValueType.Bool && _bits != 0;

    public bool IsNumber => Type is ValueType.Int or ValueType.Float or ValueType.Duration;

    /// <summary>Int: the number. Duration: nanoseconds. Bool, Status, Kind: their number.</summary>
    public long Bits => _bits;

    /// <summary>Of any number; a Duration's nanoseconds.</summary>
    public double Number => Type == ValueType.Float ? BitConverter.Int64BitsToDouble(_bits) : _bits;

    public ReadOnlySpan<byte> Utf8 => _content is StringTable strings ? strings[(int)_bits] : (byte[])_content!;

    /// <summary>The table and the code of a text that is in a batch; null for others.</summary>
    public StringTable? Strings => _content as StringTable;

    public static Cell OfInt(long value) => new(ValueType.Int, value);

    public static Cell OfFloat(double value) => new(ValueType.Float, BitConverter.DoubleToInt64Bits(value));

    public static Cell OfDuration(long nanos) => new(ValueType.Duration, nanos);

    /// <summary>A duration of a span: no claim is longer than 292 years.</summary>
    public static Cell OfDuration(ulong nanos) => new(ValueType.Duration, (long)Math.Min(nanos, long.MaxValue));

    public static Cell OfBool(bool value) => value ? True : False;

    public static Cell OfStatus(StatusCode status) => new(ValueType.Status, (long)status);

    public static Cell OfKind(SpanKind kind) => new(ValueType.Kind, (long)kind);

    public static Cell OfText(StringTable strings, int code) => new(ValueType.Text, code, strings);

    public static Cell OfText(byte[] utf8) => new(ValueType.Text, 0, utf8);

    public static Cell OfHex(SpanId id) => OfText(Encoding.ASCII.GetBytes(id.ToString()));

    public static Cell OfHex(TraceId id) => OfText(Encoding.ASCII.GetBytes(id.ToString()));

    /// <summary>Several values, or none.</summary>
    public static Cell OfElements(Cell[] cells, int count) => new(ValueType.Array, count, cells);

    /// <summary>An attribute's value. Bytes, maps, empty values and arrays of mixed types are none that can be asked for.</summary>
    public static Cell Of(SpanBatch batch, AnyValue value) => value.Kind switch
    {
        ValueKind.String => OfText(batch.Strings, value.Code),
        ValueKind.Bool => OfBool(value.IsTrue),
        ValueKind.Int => OfInt(value.Bits),
        ValueKind.Double => OfFloat(value.Number),
        ValueKind.Array when ValueTest.IsArrayOfOneKind(batch, value) => new(ValueType.Array, value.Bits, batch),
        _ => Nil,
    };

    public static Cell Of(Value value) => value.Type switch
    {
        ValueType.Int => OfInt(value.Int),
        ValueType.Float => OfFloat(value.Number),
        ValueType.Duration => OfDuration(value.Int),
        ValueType.Text => OfText(Encoding.UTF8.GetBytes(value.Text)),
        ValueType.Bool => OfBool(value.IsTrue),
        ValueType.Status => OfStatus(value.Status),
        ValueType.Kind => OfKind(value.Kind),
        ValueType.Array => OfElements([.. value.Elements.Select(Of)], value.Elements.Length),
        _ => Nil,
    };

    /// <summary>How many elements an Array has.</summary>
    public int Count => _content is SpanBatch ? new AnyValue(ValueKind.Array, _bits).NestedCount : (int)_bits;

    /// <summary>An element of an Array.</summary>
    public Cell this[int index]
    {
        get
        {
            Debug.Assert(Type == ValueType.Array && (uint)index < (uint)Count, "An element of an array.");
            return _content is SpanBatch batch
                ? Of(batch, batch.Nested.Values[new AnyValue(ValueKind.Array, _bits).NestedStart + index])
                : ((Cell[])_content!)[index];
        }
    }

    /// <summary>The value on its own, for as long as anyone likes.</summary>
    public Value ToValue() => Type switch
    {
        ValueType.Int => Value.OfInt(_bits),
        ValueType.Float => Value.OfFloat(Number),
        ValueType.Duration => Value.OfDuration(_bits),
        ValueType.Text => Value.OfText(Encoding.UTF8.GetString(Utf8)),
        ValueType.Bool => Value.OfBool(IsTrue),
        ValueType.Status => Value.OfStatus((StatusCode)_bits),
        ValueType.Kind => Value.OfKind((SpanKind)_bits),
        ValueType.Array => Value.OfArray(ToElements()),
        _ => Value.Nil,
    };

    ImmutableArray<Value> ToElements()
    {
        var elements = ImmutableArray.CreateBuilder<Value>(Count);
        for (var index = 0; index < Count; index++)
            elements.Add(this[index].ToValue());
        return elements.MoveToImmutable();
    }
}
