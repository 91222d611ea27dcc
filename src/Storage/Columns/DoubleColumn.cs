using System.Runtime.InteropServices;

namespace Clew.Storage.Columns;

/// <summary>A column of floating-point numbers. <see cref="DoubleColumnWriter"/> chooses the form.</summary>
/// <remarks>
/// <code>
/// | 0xE0 + digits u8: 0 to 14 | exceptions varint | rows of exceptions, packed | bits of exceptions, packed | integers zigzag, column |   decimal
/// | column of the bits of the numbers |
/// </code>
/// Measured and configured numbers are decimals of a few digits: an integer divided by a power of ten, exactly. Where the nearest such quotient differs in any bit, the
/// number is an exception and stands for itself. Columns are those of <see cref="IntegerColumn"/>, packed ones of <see cref="PackedColumn"/>.
/// </remarks>
internal readonly ref struct DoubleColumn
{
    public const byte DecimalForm = 0xE0;

    /// <summary>One more, and a quotient of integers below 2^53 is not always the nearest number to the decimal any longer.</summary>
    public const int DigitsMax = 14;

    readonly int _digits;
    readonly Patches _exceptions;
    readonly IntegerColumn _numbers;

    DoubleColumn(scoped ref ByteReader from, int count)
    {
        var blame = from;
        if (!IsDecimal(from))
        {
            _digits = -1;
            _numbers = IntegerColumn.Open(ref from, count);
            return;
        }

        _digits = from.TakeByte() - DecimalForm;
        var exceptionCount = from.TakeCount(count);
        _exceptions = new Patches(PackedColumn.Open(ref from, exceptionCount), PackedColumn.Open(ref from, exceptionCount), blame, count);
        _numbers = IntegerColumn.OpenIntegers(ref from, count);
    }

    /// <summary>Exact up to 10^22.</summary>
    public static ReadOnlySpan<double> Powers => [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14];

    public int Count => _numbers.Count;

    public double this[int row]
    {
        get
        {
            double value = 0;
            Decode(row, new Span<double>(ref value));
            return value;
        }
    }

    public static bool IsDecimal(ByteReader ahead) => ahead.Remaining > 0 && (uint)(ahead.TakeByte() - DecimalForm) <= DigitsMax;

    /// <exception cref="CorruptFileException">It is not a column of so many rows.</exception>
    public static DoubleColumn Open(scoped ref ByteReader from, int count) => new(ref from, count);

    /// <summary>Fills <paramref name="into"/> with the numbers from row <paramref name="from"/> on, each with the bits it came with.</summary>
    public void Decode(int from, Span<double> into)
    {
        var bits = MemoryMarshal.Cast<double, ulong>(into);
        _numbers.Decode(from, bits);
        if (_digits < 0)
            return;
        var power = Powers[_digits];
        for (var row = 0; row < into.Length; row++)
            into[row] = ZigZag.Decode(bits[row]) / power;
        for (var patch = 0; patch < _exceptions.Count; patch++)
        {
            var row = _exceptions.RowAt(patch) - from;
            if ((uint)row < (uint)into.Length)
                bits[row] = _exceptions.ValueAt(patch);
        }
    }

    /// <summary>Removes the rows whose number is not one of <paramref name="low"/> to <paramref name="high"/>; what is not a number never is.</summary>
    /// <param name="rows">See <see cref="RowBits"/>; of <see cref="Count"/> rows.</param>
    public void Keep(double low, double high, Span<ulong> rows)
    {
        if (_digits < 0)
        {
            _numbers.KeepWhere(new BitsWithin(low, high), rows);
            return;
        }

        using var exceptions = Rented<ulong>.Of(_exceptions.Count);
        _exceptions.Decode(exceptions.Span);
        var kept = _exceptions.Decide(new BitsWithin(low, high), rows, exceptions.Span);
        _numbers.KeepWhere(new DecimalWithin(low, high, Powers[_digits]), rows);
        _exceptions.Apply(kept, rows);
    }

    readonly struct BitsWithin(double low, double high) : INumberTest
    {
        public bool Passes(ulong number) => BitConverter.UInt64BitsToDouble(number) is var value && value >= low && value <= high;
    }

    readonly struct DecimalWithin(double low, double high, double power) : INumberTest
    {
        public bool Passes(ulong number) => ZigZag.Decode(number) / power is var value && value >= low && value <= high;
    }
}
