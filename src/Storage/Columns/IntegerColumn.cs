using System.Numerics;
using System.Runtime.InteropServices;

namespace Clew.Storage.Columns;

/// <summary>A column of numbers in the form that was smallest for them. <see cref="IntegerColumnWriter"/> chooses.</summary>
/// <remarks>
/// <code>
/// column: | run lengths | body: a number per run |   see RunLengths
///         | body: a number per row |
/// body:   | 0xD1 … |   dictionary: see DictionaryColumn
///         | 0xD2 … |   delta: see DeltaColumn
///         | 0xD3 … |   patched: see PatchedColumn
///         | 0xE0 + digits … |   the bits of floating-point numbers that are decimals: see DoubleColumn
///         | 0x80 + bits … |   frame of reference; constant with 0 bits, raw with 64: see PackedColumn
/// </code>
/// The row count is known from elsewhere. No form takes more memory to read than the caller's own rows; whatever the bytes, what is decoded lies between
/// <see cref="Smallest"/> and <see cref="Largest"/>, or is reported as damage. Forms other than the packed one are opened again when they are used: a column is handed around
/// more often than it is read, and all forms together would make it large.
/// </remarks>
internal readonly ref struct IntegerColumn
{
    readonly ByteReader _column, _body;
    readonly bool _hasRuns;
    readonly byte _form;
    readonly int _bodyCount;
    readonly PackedColumn _packed;

    IntegerColumn(scoped ref ByteReader from, int count, bool mayBeDecimal)
    {
        _column = from;
        Count = _bodyCount = count;
        if (NextForm(from, mayBeDecimal) == RunLengths.Form)
        {
            _hasRuns = true;
            _bodyCount = RunLengths.Open(ref from, count).Count;
        }

        _body = from;
        _form = NextForm(from, mayBeDecimal);
        switch (_form)
        {
            case DictionaryColumn.Form:
                var dictionary = DictionaryColumn.Open(ref from, _bodyCount);
                (Smallest, Largest) = (dictionary.Smallest, dictionary.Largest);
                break;
            case DeltaColumn.Form:
                var delta = DeltaColumn.Open(ref from, _bodyCount);
                (Smallest, Largest) = (delta.Smallest, delta.Largest);
                break;
            case PatchedColumn.Form:
                var patched = PatchedColumn.Open(ref from, _bodyCount);
                (Smallest, Largest) = (patched.Smallest, patched.Largest);
                break;
            case DoubleColumn.DecimalForm:
                DoubleColumn.Open(ref from, _bodyCount);
                Largest = ulong.MaxValue;
                break;
            default:
                _packed = PackedColumn.Open(ref from, _bodyCount);
                (Smallest, Largest) = (_packed.Smallest, _packed.Largest);
                break;
        }
    }

    public int Count { get; }

    /// <summary>No number is below this.</summary>
    public ulong Smallest { get; }

    /// <summary>No number is above this. Codes of a table are good if this one is.</summary>
    public ulong Largest { get; }

    /// <summary>One number. Runs and deltas walk to it.</summary>
    public ulong this[int row]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count);
            if (!_hasRuns && _form == PackedColumn.Form)
                return _packed[row];
            if (!_hasRuns && _form == DictionaryColumn.Form)
                return OpenDictionary()[row];
            ulong value = 0;
            Decode(row, new Span<ulong>(ref value));
            return value;
        }
    }

    /// <summary>Takes a column of <paramref name="count"/> rows, and leaves what follows it.</summary>
    /// <exception cref="CorruptFileException">It is not a column of so many rows.</exception>
    public static IntegerColumn Open(scoped ref ByteReader from, int count) => new(ref from, count, mayBeDecimal: true);

    /// <summary>As <see cref="Open"/>, of a column that cannot be one of decimals because it is within one: nothing nests without end.</summary>
    public static IntegerColumn OpenIntegers(scoped ref ByteReader from, int count) => new(ref from, count, mayBeDecimal: false);

    /// <summary>Fills <paramref name="into"/> with the numbers from row <paramref name="from"/> on.</summary>
    /// <exception cref="CorruptFileException">There is a number that is outside of the range the column tells, or that <typeparamref name="T"/> cannot hold.</exception>
    public void Decode<T>(int from, Span<T> into)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)from, (uint)(Count - into.Length));
        if (Largest > ulong.CreateTruncating(T.AllBitsSet))
            _column.Fail($"numbers up to {T.AllBitsSet}", $"{Largest}");
        if (_hasRuns)
            DecodeRuns(from, into);
        else
            DecodeBody(from, into);
    }

    /// <summary>Removes the rows whose number is not one of <paramref name="low"/> to <paramref name="high"/>; compares runs, codes and packed numbers as they are.</summary>
    /// <param name="rows">See <see cref="RowBits"/>; of <see cref="Count"/> rows.</param>
    public void Keep(ulong low, ulong high, Span<ulong> rows)
    {
        CheckRows(rows);
        if (low > high || low > Largest || high < Smallest)
            rows.Clear();
        else if (low <= Smallest && high >= Largest)
            return;
        else if (_hasRuns)
            KeepRuns(new WithinRange(low, high), rows);
        else if (_form == PackedColumn.Form)
            _packed.Keep(low, high, rows);
        else if (_form == DictionaryColumn.Form)
            OpenDictionary().Keep(low, high, rows);
        else if (_form == PatchedColumn.Form)
            OpenPatched().Keep(low, high, rows);
        else
            KeepDecoded(new WithinRange(low, high), rows);
    }

    /// <summary>Removes the rows whose number does not pass a test, which is asked once per run or dictionary entry where there are any.</summary>
    /// <param name="rows">See <see cref="RowBits"/>; of <see cref="Count"/> rows.</param>
    public void KeepWhere<TTest>(TTest test, Span<ulong> rows)
        where TTest : struct, INumberTest
    {
        CheckRows(rows);
        if (Smallest == Largest && Count > 0)
        {
            if (!test.Passes(Smallest))
                rows.Clear();
        }
        else if (_hasRuns)
            KeepRuns(test, rows);
        else if (_form == DictionaryColumn.Form)
            OpenDictionary().KeepWhere(test, rows);
        else
            KeepDecoded(test, rows);
    }

    // Packed columns tell their bits, and decimals their digits, in the same byte.
    static byte NextForm(ByteReader ahead, bool mayBeDecimal)
    {
        if (mayBeDecimal && DoubleColumn.IsDecimal(ahead))
            return DoubleColumn.DecimalForm;
        var form = ahead.Remaining > 0 ? ahead.TakeByte() : PackedColumn.Form;
        return form is RunLengths.Form or DictionaryColumn.Form or DeltaColumn.Form or PatchedColumn.Form ? form : PackedColumn.Form;
    }

    void CheckRows(ReadOnlySpan<ulong> rows) => ArgumentOutOfRangeException.ThrowIfNotEqual(rows.Length, RowBits.WordsOf(Count));

    DictionaryColumn OpenDictionary()
    {
        var from = _body;
        return DictionaryColumn.Open(ref from, _bodyCount);
    }

    DeltaColumn OpenDelta()
    {
        var from = _body;
        return DeltaColumn.Open(ref from, _bodyCount);
    }

    PatchedColumn OpenPatched()
    {
        var from = _body;
        return PatchedColumn.Open(ref from, _bodyCount);
    }

    DoubleColumn OpenDecimals()
    {
        var from = _body;
        return DoubleColumn.Open(ref from, _bodyCount);
    }

    RunLengths OpenRuns()
    {
        var from = _column;
        return RunLengths.Open(ref from, Count);
    }

    void DecodeBody<T>(int from, Span<T> into)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        switch (_form)
        {
            case DictionaryColumn.Form:
                OpenDictionary().Decode(from, into);
                break;
            case DeltaColumn.Form:
                OpenDelta().Decode(from, into);
                break;
            case PatchedColumn.Form:
                OpenPatched().Decode(from, into);
                break;
            case DoubleColumn.DecimalForm:
                OpenDecimals().Decode(from, MemoryMarshal.Cast<T, double>(into));
                break;
            default:
                _packed.Decode(from, into);
                break;
        }
    }

    void DecodeRuns<T>(int from, Span<T> into)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        using var rented = Rented<T>.Of(_bodyCount);
        DecodeBody(0, rented.Span);
        OpenRuns().Repeat(rented.Span, from, into);
    }

    void KeepRuns<TTest>(TTest test, Span<ulong> rows)
        where TTest : struct, INumberTest
    {
        using var rented = Rented<ulong>.Of(_bodyCount);
        DecodeBody(0, rented.Span);
        OpenRuns().Keep(test, rented.Span, rows);
    }

    void KeepDecoded<TTest>(TTest test, Span<ulong> rows)
        where TTest : struct, INumberTest
    {
        using var rented = Rented<ulong>.Of(Count);
        var values = rented.Span;
        DecodeBody(0, values);
        for (var word = 0; word < rows.Length; word++)
        {
            if (rows[word] == 0)
                continue;
            var part = values.Slice(word << 6, Math.Min(64, Count - (word << 6)));
            ulong kept = 0;
            for (var at = 0; at < part.Length; at++)
                kept |= (test.Passes(part[at]) ? 1UL : 0) << at;
            rows[word] &= kept;
        }
    }
}
