using System.Numerics;

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

    readonly ByteReader _blame;
    readonly int _digits;
    readonly PackedColumn _exceptionRows;
    readonly PackedColumn _exceptions;
    readonly IntegerColumn _numbers;

    DoubleColumn(scoped ref ByteReader from, int count)
    {
        _blame = from;
        var ahead = from;
        _digits = ahead.Remaining == 0 ? -1 : ahead.TakeByte() - DecimalForm;
        if (_digits is < 0 or > DigitsMax)
        {
            _digits = -1;
            _numbers = IntegerColumn.Open(ref from, count);
            return;
        }

        from = ahead;
        var exceptionCount = from.TakeCount(count);
        _exceptionRows = PackedColumn.Open(ref from, exceptionCount);
        _exceptions = PackedColumn.Open(ref from, exceptionCount);
        if (exceptionCount > 0 && _exceptionRows.Largest >= (ulong)count)
            _blame.Fail($"{count} rows", $"an exception in row {_exceptionRows.Largest}");
        _numbers = IntegerColumn.Open(ref from, count);
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

    /// <exception cref="CorruptFileException">It is not a column of so many rows.</exception>
    public static DoubleColumn Open(scoped ref ByteReader from, int count) => new(ref from, count);

    /// <summary>Fills <paramref name="into"/> with the numbers from row <paramref name="from"/> on, each with the bits it came with.</summary>
    public void Decode(int from, Span<double> into)
    {
        var bits = System.Runtime.InteropServices.MemoryMarshal.Cast<double, ulong>(into);
        _numbers.Decode(from, bits);
        if (_digits < 0)
            return;
        var power = Powers[_digits];
        for (var row = 0; row < into.Length; row++)
            into[row] = ZigZag.Decode(bits[row]) / power;
        for (var at = 0; at < _exceptions.Count; at++)
        {
            var row = (int)_exceptionRows[at] - from;
            if ((uint)row < (uint)into.Length)
                bits[row] = _exceptions[at];
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

        // Exceptions are decided by themselves: whether they were rows before is remembered for long enough.
        var exceptionCount = _exceptions.Count;
        Span<ulong> kept = stackalloc ulong[exceptionCount <= 1_024 ? RowBits.WordsOf(exceptionCount) : 0];
        kept = exceptionCount <= 1_024 ? kept : new ulong[RowBits.WordsOf(exceptionCount)];
        for (var at = 0; at < exceptionCount; at++)
        {
            if (RowBits.Contains(rows, (int)_exceptionRows[at]) && new BitsWithin(low, high).Passes(_exceptions[at]))
                kept[at >> 6] |= 1UL << (at & 63);
        }

        _numbers.KeepWhere(new DecimalWithin(low, high, Powers[_digits]), rows);
        for (var at = 0; at < exceptionCount; at++)
        {
            var row = (int)_exceptionRows[at];
            RowBits.Remove(rows, row, row + 1);
            rows[row >> 6] |= (kept[at >> 6] >> (at & 63) & 1) << (row & 63);
        }
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
