using System.Runtime.InteropServices;

namespace Clew.Storage.Columns;

/// <summary>Writes columns of floating-point numbers in the smaller of the forms of <see cref="DoubleColumn"/>. Not for use by two threads at once.</summary>
/// <remarks>The form is that of ALP (Afroozeh, Kuffó, Boncz: Adaptive Lossless Floating-Point Compression, 2023) without its vectors and its second factor.</remarks>
internal sealed class DoubleColumnWriter(IntegerColumnWriter integers) : IDisposable
{
    const int SampleRows = 32;

    /// <summary>More than one number in so many that is no short decimal, and the integers do not pay for the exceptions.</summary>
    const int ExceptionShare = 8;

    const double IntegerMax = 1L << 53;

    readonly ByteWriter _plain = new();
    readonly ByteWriter _decimal = new();
    readonly List<ulong> _exceptionRows = [];
    readonly List<ulong> _exceptions = [];
    ulong[] _scaled = [];
    int _digits;

    /// <param name="wholeBytes">As in <see cref="IntegerColumnWriter"/>.</param>
    public void Write(ByteWriter to, ReadOnlySpan<double> values, bool wholeBytes = false)
    {
        _plain.Clear();
        integers.Write(_plain, MemoryMarshal.Cast<double, ulong>(values), wholeBytes);
        if (TryScale(values))
        {
            _decimal.Clear();
            WriteDecimal(values.Length, wholeBytes);
            if (_decimal.Count < _plain.Count)
            {
                to.Write(_decimal.Written);
                return;
            }
        }

        to.Write(_plain.Written);
    }

    public void Dispose()
    {
        _plain.Dispose();
        _decimal.Dispose();
    }

    bool TryScale(ReadOnlySpan<double> values)
    {
        _digits = DigitsOf(values);
        if (_digits < 0)
            return false;
        if (_scaled.Length < values.Length)
            _scaled = new ulong[Math.Max(values.Length, _scaled.Length * 2)];
        _exceptionRows.Clear();
        _exceptions.Clear();
        var before = 0UL;
        for (var row = 0; row < values.Length; row++)
        {
            if (TryScale(values[row], DoubleColumn.Powers[_digits], out var integer))
            {
                before = ZigZag.Encode(integer);
            }
            else
            {
                _exceptionRows.Add((ulong)row);
                _exceptions.Add(BitConverter.DoubleToUInt64Bits(values[row]));
                if (_exceptions.Count > values.Length / ExceptionShare)
                    return false;
            }

            // In the row of an exception stands what does not break a run.
            _scaled[row] = before;
        }

        return true;
    }

    void WriteDecimal(int count, bool wholeBytes)
    {
        _decimal.WriteByte((byte)(DoubleColumn.DecimalForm + _digits));
        _decimal.WriteVarint((ulong)_exceptions.Count);
        WritePacked(_exceptionRows, wholeBytes);
        WritePacked(_exceptions, wholeBytes);
        integers.Write(_decimal, _scaled.AsSpan(0, count), wholeBytes);
    }

    void WritePacked(List<ulong> values, bool wholeBytes)
    {
        var (smallest, largest) = NarrowColumn.Range(CollectionsMarshal.AsSpan(values));
        PackedColumn.Write(_decimal, CollectionsMarshal.AsSpan(values), smallest, largest, wholeBytes);
    }

    /// <summary>The fewest digits that all but a few of some rows need, or -1.</summary>
    static int DigitsOf(ReadOnlySpan<double> values)
    {
        var step = Math.Max(1, values.Length / SampleRows);
        for (var digits = 0; digits <= DoubleColumn.DigitsMax; digits++)
        {
            int misses = 0, sampled = 0;
            for (var row = 0; row < values.Length; row += step, sampled++)
                misses += TryScale(values[row], DoubleColumn.Powers[digits], out _) ? 0 : 1;
            if (misses <= sampled / (ExceptionShare * 2))
                return digits;
        }

        return -1;
    }

    static bool TryScale(double value, double power, out long integer)
    {
        var scaled = Math.Round(value * power);
        integer = 0;
        if (!(Math.Abs(scaled) <= IntegerMax))
            return false;
        integer = (long)scaled;
        // The bits tell a negative zero from the other.
        return BitConverter.DoubleToInt64Bits(integer / power) == BitConverter.DoubleToInt64Bits(value);
    }
}
