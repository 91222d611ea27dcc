namespace Clew.Model;

/// <summary>One attribute value, as a cell of a batch: what <see cref="Bits"/> means depends on <see cref="Kind"/>.</summary>
/// <remarks>
/// <para>Empty: 0. Bool: 0 or 1. Int: the number. Double: its IEEE 754 bits.</para>
/// <para>String and Bytes: a code of the batch's <see cref="StringTable"/>.</para>
/// <para>Array and Map: <c>first row u32 &lt;&lt; 32 | row count u32</c> of the batch's <see cref="NestedColumns"/>.</para>
/// A value has a meaning only together with the batch it came from.
/// </remarks>
public readonly record struct AnyValue(ValueKind Kind, long Bits)
{
    public static AnyValue OfString(int code) => new(ValueKind.String, code);
    public static AnyValue OfBytes(int code) => new(ValueKind.Bytes, code);
    public static AnyValue OfBool(bool value) => new(ValueKind.Bool, value ? 1 : 0);
    public static AnyValue OfInt(long value) => new(ValueKind.Int, value);
    public static AnyValue OfDouble(double value) => new(ValueKind.Double, BitConverter.DoubleToInt64Bits(value));
    public static AnyValue OfArray(int firstRow, int count) => new(ValueKind.Array, ((long)firstRow << 32) | (uint)count);
    public static AnyValue OfMap(int firstRow, int count) => new(ValueKind.Map, ((long)firstRow << 32) | (uint)count);

    /// <summary>The code of a String or Bytes value.</summary>
    public int Code => (int)Bits;

    /// <summary>The value of a Bool.</summary>
    public bool IsTrue => Bits != 0;

    /// <summary>The value of a Double.</summary>
    public double Number => BitConverter.Int64BitsToDouble(Bits);

    /// <summary>The first nested row of an Array or Map.</summary>
    public int NestedStart => (int)(Bits >> 32);

    /// <summary>The number of nested rows of an Array or Map.</summary>
    public int NestedCount => (int)(uint)Bits;

    public bool IsText => Kind is ValueKind.String or ValueKind.Bytes;

    public bool IsContainer => Kind is ValueKind.Array or ValueKind.Map;
}
