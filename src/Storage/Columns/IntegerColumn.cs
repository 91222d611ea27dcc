using System.Numerics;
using System.Runtime.InteropServices;

namespace Clew.Storage.Columns;

/// <summary>A column of numbers in the form that was smallest for them. <see cref="IntegerColumnWriter"/> chooses.</summary>
/// <remarks>
/// <code>
/// column: | 0xD0 | runs varint | length of each run, packed | body: a number per run |   run-length
///         | body: a number per row |
/// body:   | 0xD1 | entries varint | entries, ascending, packed | code per number, packed |   dictionary
///         | 0xD2 | smallest varint | range varint | first - smallest varint | smallest step zigzag varint | steps less the smallest, packed |   delta
///         | 0xD3 | low bits u8 | high bits u8 | smallest varint | range varint | patches varint | low bits of each | row of each patch | high bits of each patch |   patched
///         | 0xE0 + digits … |   the bits of floating-point numbers that are decimals: see DoubleColumn
///         | packed |   frame of reference; constant with 0 bits, raw with 64
/// </code>
/// Packed columns are those of <see cref="PackedColumn"/>; what is patched has no headers: rows have the bits that the last row needs, and patches are what goes on top of the
/// low bits, from 0 on. The row count is known from elsewhere. No form takes more memory to read than the caller's own rows; whatever
/// the bytes, what is decoded lies between <see cref="Smallest"/> and <see cref="Largest"/>, or is reported as damage.
/// </remarks>
internal readonly ref struct IntegerColumn
{
    public const byte RunLengthForm = 0xD0, DictionaryForm = 0xD1, DeltaForm = 0xD2, PatchedForm = 0xD3;

    const int ChunkRows = 256;

    readonly ByteReader _blame;
    readonly bool _hasRuns;
    readonly byte _form;
    readonly PackedColumn _lengths;
    readonly PackedColumn _entries;

    // Numbers, codes, steps or low bits, by form.
    readonly PackedColumn _body;
    readonly Patches _patches;
    readonly int _lowBits;
    readonly ByteReader _decimals;
    readonly ulong _first;
    readonly ulong _step;

    IntegerColumn(scoped ref ByteReader from, int count, bool mayBeDecimal)
    {
        _blame = from;
        Count = count;
        var bodyCount = count;
        if (TryTakeForm(ref from, RunLengthForm))
        {
            _hasRuns = true;
            bodyCount = from.TakeCount(count);
            _lengths = PackedColumn.Open(ref from, bodyCount);
        }

        BodyCount = bodyCount;
        if (TryTakeForm(ref from, DictionaryForm))
        {
            _form = DictionaryForm;
            _entries = PackedColumn.Open(ref from, from.TakeCount(bodyCount));
            _body = PackedColumn.Open(ref from, bodyCount);
            (Smallest, Largest) = (_entries.Smallest, _entries.Largest);
            if (_body.Largest >= (ulong)_entries.Count && bodyCount > 0)
                _blame.Fail($"codes of {_entries.Count} numbers", $"{_body.Largest}");
        }
        else if (TryTakeForm(ref from, DeltaForm))
        {
            _form = DeltaForm;
            (Smallest, Largest, _first) = TakeRange(ref from);
            _step = (ulong)ZigZag.Decode(from.TakeVarint());
            _body = PackedColumn.Open(ref from, Math.Max(0, bodyCount - 1));
        }
        else if (TryTakeForm(ref from, PatchedForm))
        {
            _form = PatchedForm;
            _lowBits = from.TakeByte();
            var highBits = from.TakeByte();
            if (_lowBits + highBits > 64)
                _blame.Fail("numbers of at most 64 bits", $"{_lowBits} and {highBits}");
            ulong smallest = from.TakeVarint(), range = from.TakeVarint();
            if (range > ulong.MaxValue - smallest || range < BitPacking.MaskOf(_lowBits))
                _blame.Fail($"a range of numbers that {_lowBits} bits are not enough for", $"{range} from {smallest} on");
            (Smallest, Largest) = (smallest, smallest + range);
            var patchCount = from.TakeCount(bodyCount);
            _body = PackedColumn.OpenBare(ref from, bodyCount, _lowBits, smallest);
            var rows = PackedColumn.OpenBare(ref from, patchCount, BitPacking.WidthOf((ulong)bodyCount));
            _patches = new Patches(rows, PackedColumn.OpenBare(ref from, patchCount, highBits), _blame, bodyCount);
        }
        else if (mayBeDecimal && DoubleColumn.IsDecimal(from))
        {
            _form = DoubleColumn.DecimalForm;
            _decimals = from;
            DoubleColumn.Open(ref from, bodyCount);
            Largest = ulong.MaxValue;
        }
        else
        {
            _body = PackedColumn.Open(ref from, bodyCount);
            (Smallest, Largest) = (_body.Smallest, _body.Largest);
        }
    }

    public int Count { get; }

    /// <summary>No number is below this.</summary>
    public ulong Smallest { get; }

    /// <summary>No number is above this. Codes of a table are good if this one is.</summary>
    public ulong Largest { get; }

    /// <summary>The numbers that the forms below run-length store: one per run, or per row.</summary>
    int BodyCount { get; }

    /// <summary>One number. Runs and deltas walk to it.</summary>
    public ulong this[int row]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count);
            if (!_hasRuns && _form == 0)
                return _body[row];
            if (!_hasRuns && _form == DictionaryForm)
                return _entries[(int)_body[row]];
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
            _blame.Fail($"numbers up to {T.AllBitsSet}", $"{Largest}");
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
        else if (_form == DictionaryForm)
            KeepCodes(low, high, rows);
        else if (_form == 0)
            _body.Keep(low, high, rows);
        else if (_form == PatchedForm)
            KeepPatched(low, high, rows);
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
        else if (_form == DictionaryForm)
            KeepEntries(test, rows);
        else
            KeepDecoded(test, rows);
    }

    static bool TryTakeForm(scoped ref ByteReader from, byte form)
    {
        var ahead = from;
        if (ahead.Remaining == 0 || ahead.TakeByte() != form)
            return false;
        from = ahead;
        return true;
    }

    static (ulong Smallest, ulong Largest, ulong First) TakeRange(scoped ref ByteReader from)
    {
        var blame = from;
        ulong smallest = from.TakeVarint(), range = from.TakeVarint(), first = from.TakeVarint();
        if (range > ulong.MaxValue - smallest || first > range)
            blame.Fail("a range of numbers", $"{range} from {smallest} on, the first {first}");
        return (smallest, smallest + range, smallest + first);
    }

    void CheckRows(ReadOnlySpan<ulong> rows) => ArgumentOutOfRangeException.ThrowIfNotEqual(rows.Length, RowBits.WordsOf(Count));

    void DecodeBody<T>(int from, Span<T> into)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        if (_form == DictionaryForm)
            DecodeCodes(from, into);
        else if (_form == DeltaForm)
            DecodeSteps(from, into);
        else if (_form == PatchedForm)
            DecodePatched(from, into);
        else if (_form == DoubleColumn.DecimalForm)
            OpenDecimals().Decode(from, MemoryMarshal.Cast<T, double>(into));
        else
            _body.Decode(from, into);
    }

    DoubleColumn OpenDecimals()
    {
        var from = _decimals;
        return DoubleColumn.Open(ref from, BodyCount);
    }

    void DecodePatched<T>(int from, Span<T> into)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        _body.Decode(from, into);
        for (var patch = _patches.FirstFrom(from); patch < _patches.Count; patch++)
        {
            var row = _patches.RowAt(patch);
            if (row - from >= into.Length)
                break;
            if (row >= from)
                into[row - from] = T.CreateTruncating(Patched(patch, row));
        }
    }

    ulong Patched(int patch, int row)
    {
        var distance = _body[row] - Smallest + (_patches.ValueAt(patch) << _lowBits);
        if (distance > Largest - Smallest)
            _blame.Fail($"numbers up to {Largest}", $"{Smallest} + {distance}");
        return Smallest + distance;
    }

    void DecodeCodes<T>(int from, Span<T> into)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        using var rented = Rented<T>.Of(_entries.Count);
        var entries = rented.Span;
        _entries.Decode(0, entries);
        Span<uint> codes = stackalloc uint[ChunkRows];
        for (var row = 0; row < into.Length; row += ChunkRows)
        {
            var part = codes[..Math.Min(ChunkRows, into.Length - row)];
            _body.Decode(from + row, part);
            var target = into.Slice(row, part.Length);
            for (var at = 0; at < target.Length; at++)
                target[at] = entries[(int)part[at]];
        }
    }

    void DecodeSteps<T>(int from, Span<T> into)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        Span<ulong> steps = stackalloc ulong[ChunkRows];
        ulong value = _first, range = Largest - Smallest;
        var end = from + into.Length;
        if (from == 0 && end > 0)
            into[0] = T.CreateTruncating(value);
        for (var row = 1; row < end; row += ChunkRows)
        {
            var part = steps[..Math.Min(ChunkRows, end - row)];
            _body.Decode(row - 1, part);
            for (var at = 0; at < part.Length; at++)
            {
                value += part[at] + _step;
                if (value - Smallest > range)
                    _blame.Fail($"numbers from {Smallest} to {Largest}", $"{value}");
                if (row + at >= from)
                    into[row + at - from] = T.CreateTruncating(value);
            }
        }
    }

    void DecodeRuns<T>(int from, Span<T> into)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        using var rented = Rented<T>.Of(BodyCount);
        var values = rented.Span;
        DecodeBody(0, values);
        using var rentedLengths = Rented<uint>.Of(BodyCount);
        var runs = new RunWalk(this, rentedLengths.Span);
        var filled = 0;
        while (filled < into.Length)
        {
            if (!runs.MoveNext())
                _blame.Fail($"runs of {Count} rows together", $"{runs.End}");
            if (runs.End <= from)
                continue;
            var end = Math.Min(runs.End - from, into.Length);
            into[filled..end].Fill(values[runs.Index]);
            filled = end;
        }
    }

    void KeepRuns<TTest>(TTest test, Span<ulong> rows)
        where TTest : struct, INumberTest
    {
        using var rented = Rented<ulong>.Of(BodyCount);
        var values = rented.Span;
        DecodeBody(0, values);
        using var rentedLengths = Rented<uint>.Of(BodyCount);
        var runs = new RunWalk(this, rentedLengths.Span);
        var start = 0;
        for (; runs.MoveNext(); start = runs.End)
        {
            if (!test.Passes(values[runs.Index]))
                RowBits.Remove(rows, start, runs.End);
        }

        if (start != Count)
            _blame.Fail($"runs of {Count} rows together", $"{start}");
    }

    // The entries ascend: numbers in a range have codes in a range.
    void KeepCodes(ulong low, ulong high, Span<ulong> rows)
    {
        var first = FirstEntryFrom(low);
        var end = high == ulong.MaxValue ? _entries.Count : FirstEntryFrom(high + 1);
        if (first < end)
            _body.Keep((ulong)first, (ulong)end - 1, rows);
        else
            rows.Clear();
    }

    void KeepPatched(ulong low, ulong high, Span<ulong> rows)
    {
        using var rented = Rented<ulong>.Of(_patches.Count);
        var patched = rented.Span;
        for (var patch = 0; patch < patched.Length; patch++)
            patched[patch] = Patched(patch, _patches.RowAt(patch));
        var kept = _patches.Decide(new WithinRange(low, high), rows, patched);
        _body.Keep(low, high, rows);
        _patches.Apply(kept, rows);
    }

    int FirstEntryFrom(ulong number)
    {
        int low = 0, high = _entries.Count;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (_entries[middle] < number)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    void KeepEntries<TTest>(TTest test, Span<ulong> rows)
        where TTest : struct, INumberTest
    {
        using var rented = Rented<ulong>.Of(_entries.Count);
        var entries = rented.Span;
        _entries.Decode(0, entries);
        int first = -1, last = -1, passing = 0;
        for (var code = 0; code < entries.Length; code++)
        {
            entries[code] = test.Passes(entries[code]) ? 1UL : 0;
            if (entries[code] == 0)
                continue;
            first = first < 0 ? code : first;
            last = code;
            passing++;
        }

        if (passing == 0)
            rows.Clear();
        else if (passing == last - first + 1)
            _body.Keep((ulong)first, (ulong)last, rows);
        else
            KeepPassing(entries, rows);
    }

    void KeepPassing(ReadOnlySpan<ulong> passes, Span<ulong> rows)
    {
        Span<uint> codes = stackalloc uint[64];
        for (var word = 0; word < rows.Length; word++)
        {
            if (rows[word] == 0)
                continue;
            var part = codes[..Math.Min(64, Count - (word << 6))];
            _body.Decode(word << 6, part);
            ulong kept = 0;
            for (var at = 0; at < part.Length; at++)
                kept |= passes[(int)part[at]] << at;
            rows[word] &= kept;
        }
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

    readonly struct WithinRange(ulong low, ulong high) : INumberTest
    {
        public bool Passes(ulong number) => number - low <= high - low;
    }

    /// <summary>Walks the runs of a column, none of which may be empty or reach past its end.</summary>
    ref struct RunWalk
    {
        readonly IntegerColumn _column;
        readonly ReadOnlySpan<uint> _lengths;

        public RunWalk(IntegerColumn column, Span<uint> room)
        {
            _column = column;
            if (column._lengths.Largest > (ulong)column.Count)
                column._blame.Fail($"runs of at most {column.Count} rows", $"{column._lengths.Largest}");
            column._lengths.Decode(0, room);
            _lengths = room;
        }

        public int Index { get; private set; } = -1;

        /// <summary>The row after the run.</summary>
        public int End { get; private set; }

        public bool MoveNext()
        {
            if (++Index == _lengths.Length)
                return false;
            var length = (int)_lengths[Index];
            if (length == 0 || length > _column.Count - End)
                _column._blame.Fail($"a run of at most {_column.Count - End} rows", $"{length}");
            End += length;
            return true;
        }
    }
}
