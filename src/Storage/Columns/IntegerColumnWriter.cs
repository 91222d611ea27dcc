using System.Numerics;

namespace Clew.Storage.Columns;

/// <summary>Writes columns of numbers in the smallest of the forms of <see cref="IntegerColumn"/>. Not for use by two threads at once; keeps its room for the next column.</summary>
internal sealed class IntegerColumnWriter
{
    /// <summary>A form that has to be walked to reach one row has to save at least this share: 1/16.</summary>
    const int WalkSavingShift = 4;

    /// <summary>What a form's header takes, roughly; no column is worth a second form for less.</summary>
    const int HeaderBits = 8 * 4;

    const int PatchedBitsMin = 6, PatchedRowsMin = 16;

    readonly DistinctValues _distinct = new();
    ulong[] _widened = [];
    ulong[] _runValues = [];
    ulong[] _runLengths = [];
    ulong[] _steps = [];
    int _lowBits, _highBits, _patches;

    /// <summary>Appends a column.</summary>
    /// <param name="wholeBytes">Packs into whole bytes: larger, and what a compressor on top makes most of.</param>
    public void Write(ByteWriter to, ReadOnlySpan<ulong> values, bool wholeBytes = false)
    {
        if (values.IsEmpty)
        {
            PackedColumn.Write(to, values, 0, 0, wholeBytes);
            return;
        }

        var statistics = ColumnStatistics.Of(values);
        if (statistics.Runs > 1 && statistics.Runs <= values.Length / 2 && TryWriteRuns(to, values, statistics, wholeBytes))
            return;
        WriteBody(to, values, statistics, Choose(values, statistics, wholeBytes).Form, wholeBytes);
    }

    /// <inheritdoc cref="Write(ByteWriter, ReadOnlySpan{ulong}, bool)"/>
    public void Write<T>(ByteWriter to, ReadOnlySpan<T> values, bool wholeBytes = false)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        if (_widened.Length < values.Length)
            _widened = new ulong[Math.Max(values.Length, _widened.Length * 2)];
        var widened = _widened.AsSpan(0, values.Length);
        for (var row = 0; row < widened.Length; row++)
            widened[row] = ulong.CreateTruncating(values[row]);
        Write(to, widened, wholeBytes);
    }

    bool TryWriteRuns(ByteWriter to, ReadOnlySpan<ulong> values, in ColumnStatistics statistics, bool wholeBytes)
    {
        var longest = TakeRuns(values, statistics.Runs);
        ReadOnlySpan<ulong> runs = _runValues.AsSpan(0, statistics.Runs), lengths = _runLengths.AsSpan(0, statistics.Runs);
        var ofRuns = ColumnStatistics.Of(runs);
        var (form, bits) = Choose(runs, ofRuns, wholeBytes);
        bits += PackedBits(runs.Length, longest - 1, wholeBytes) + HeaderBits;
        // The runs have the same distinct numbers as the rows.
        var plainBits = PackedBits(values.Length, statistics.Largest - statistics.Smallest, wholeBytes);
        if (form == IntegerColumn.DictionaryForm)
            plainBits = Math.Min(plainBits, DictionaryBits(values.Length, statistics, wholeBytes));
        if (bits >= Smaller(plainBits))
            return false;
        to.WriteByte(IntegerColumn.RunLengthForm);
        to.WriteVarint((ulong)runs.Length);
        PackedColumn.Write(to, lengths, 1, longest, wholeBytes);
        WriteBody(to, runs, ofRuns, form, wholeBytes);
        return true;
    }

    /// <returns>The length of the longest run.</returns>
    ulong TakeRuns(ReadOnlySpan<ulong> values, int count)
    {
        if (_runValues.Length < count)
        {
            _runValues = new ulong[Math.Max(count, _runValues.Length * 2)];
            _runLengths = new ulong[_runValues.Length];
        }

        var longest = 0UL;
        var run = 0;
        for (int start = 0, end; start < values.Length; start = end)
        {
            var rest = values[start..].IndexOfAnyExcept(values[start]);
            end = rest < 0 ? values.Length : start + rest;
            _runValues[run] = values[start];
            _runLengths[run++] = (ulong)(end - start);
            longest = Math.Max(longest, (ulong)(end - start));
        }

        return longest;
    }

    static long PackedBits(int count, ulong range, bool wholeBytes) => (long)count * BitPacking.WidthOf(range, wholeBytes);

    static long Smaller(long bits) => bits - (bits >> WalkSavingShift);

    long DictionaryBits(int count, in ColumnStatistics statistics, bool wholeBytes) =>
        PackedBits(count, (ulong)_distinct.Count - 1, wholeBytes) + PackedBits(_distinct.Count, statistics.Largest - statistics.Smallest, wholeBytes) + HeaderBits;

    /// <summary>The smallest form below run-length, and about how many bits it takes.</summary>
    (byte Form, long Bits) Choose(ReadOnlySpan<ulong> values, in ColumnStatistics statistics, bool wholeBytes)
    {
        var best = (Form: PackedColumn.Form, Bits: PackedBits(values.Length, statistics.Largest - statistics.Smallest, wholeBytes));
        if (best.Bits <= HeaderBits)
            return best;
        var limit = DistinctMax(values.Length, BitPacking.WidthOf(statistics.Largest - statistics.Smallest, wholeBytes), wholeBytes);
        if (limit > 1 && _distinct.TryFind(values, limit) && DictionaryBits(values.Length, statistics, wholeBytes) is var bits && bits < best.Bits)
            best = (IntegerColumn.DictionaryForm, bits);

        if (!wholeBytes && ChoosePatched(values, statistics) is var patchedBits && patchedBits < Smaller(best.Bits))
            best = (IntegerColumn.PatchedForm, patchedBits);
        var stepBits = PackedBits(values.Length - 1, (ulong)statistics.LargestStep - (ulong)statistics.SmallestStep, wholeBytes) + (HeaderBits * 2);
        return stepBits < Smaller(best.Bits) ? (IntegerColumn.DeltaForm, stepBits) : best;
    }

    // More distinct numbers than this cannot pay; where they are random, the search for them is given up before half of the rows.
    static int DistinctMax(int count, int bits, bool wholeBytes)
    {
        if (bits == 0 || (wholeBytes && bits == 8))
            return 0;
        var limit = count / 4;
        var codeBits = bits - 1;
        return codeBits < 31 ? Math.Min(limit, 1 << codeBits) : limit;
    }

    /// <summary>Finds how many low bits leave the fewest bits in all, when the numbers that need more are patched.</summary>
    long ChoosePatched(ReadOnlySpan<ulong> values, in ColumnStatistics statistics)
    {
        var bits = BitPacking.WidthOf(statistics.Largest - statistics.Smallest);
        if (bits < PatchedBitsMin || values.Length < PatchedRowsMin)
            return long.MaxValue;
        Span<int> ofWidth = stackalloc int[65];
        ofWidth.Clear();
        foreach (var value in values)
            ofWidth[64 - BitOperations.LeadingZeroCount(value - statistics.Smallest)]++;
        var best = long.MaxValue;
        var widest = 64 - BitOperations.LeadingZeroCount(statistics.Largest - statistics.Smallest);
        var rowBits = BitPacking.WidthOf((ulong)values.Length);
        var patches = 0;
        for (var low = widest - 1; low > 0 && patches <= values.Length / 4; low--)
        {
            patches += ofWidth[low + 1];
            var size = ((long)values.Length * low) + ((long)patches * (rowBits + widest - low)) + HeaderBits;
            if (size >= best || !BitPacking.IsWidth(low) || !BitPacking.IsWidth(widest - low))
                continue;
            (best, _lowBits, _highBits, _patches) = (size, low, widest - low, patches);
        }

        return best;
    }

    void WriteBody(ByteWriter to, ReadOnlySpan<ulong> values, in ColumnStatistics statistics, byte form, bool wholeBytes)
    {
        switch (form)
        {
            case IntegerColumn.DictionaryForm:
                WriteDictionary(to, wholeBytes);
                break;
            case IntegerColumn.PatchedForm:
                WritePatched(to, values, statistics);
                break;
            case IntegerColumn.DeltaForm:
                WriteSteps(to, values, statistics, wholeBytes);
                break;
            default:
                PackedColumn.Write(to, values, statistics.Smallest, statistics.Largest, wholeBytes);
                break;
        }
    }

    // Of the numbers that were looked at last.
    void WriteDictionary(ByteWriter to, bool wholeBytes)
    {
        var entries = _distinct.Entries;
        to.WriteByte(IntegerColumn.DictionaryForm);
        to.WriteVarint((ulong)entries.Length);
        PackedColumn.Write(to, entries, entries[0], entries[^1], wholeBytes);
        PackedColumn.Write(to, _distinct.Codes, 0, (ulong)entries.Length - 1, wholeBytes);
    }

    // With the low bits that were found best last.
    void WritePatched(ByteWriter to, ReadOnlySpan<ulong> values, in ColumnStatistics statistics)
    {
        to.WriteByte(IntegerColumn.PatchedForm);
        to.WriteByte((byte)_lowBits);
        to.WriteByte((byte)_highBits);
        to.WriteVarint(statistics.Smallest);
        to.WriteVarint(statistics.Largest - statistics.Smallest);
        to.WriteVarint((ulong)_patches);
        var room = StepRoom(values.Length + (_patches * 2));
        Span<ulong> lows = room[..values.Length], rows = room.Slice(values.Length, _patches), highs = room[^_patches..];
        var patch = 0;
        for (var row = 0; row < values.Length; row++)
        {
            var distance = values[row] - statistics.Smallest;
            lows[row] = distance & BitPacking.MaskOf(_lowBits);
            if (distance >> _lowBits == 0)
                continue;
            rows[patch] = (ulong)row;
            highs[patch++] = distance >> _lowBits;
        }

        PackedColumn.WriteBare(to, lows, _lowBits);
        PackedColumn.WriteBare(to, rows, BitPacking.WidthOf((ulong)values.Length));
        PackedColumn.WriteBare(to, highs, _highBits);
    }

    Span<ulong> StepRoom(int count)
    {
        if (_steps.Length < count)
            _steps = new ulong[Math.Max(count, _steps.Length * 2)];
        return _steps.AsSpan(0, count);
    }

    void WriteSteps(ByteWriter to, ReadOnlySpan<ulong> values, in ColumnStatistics statistics, bool wholeBytes)
    {
        to.WriteByte(IntegerColumn.DeltaForm);
        to.WriteVarint(statistics.Smallest);
        to.WriteVarint(statistics.Largest - statistics.Smallest);
        to.WriteVarint(values[0] - statistics.Smallest);
        to.WriteVarint(ZigZag.Encode(statistics.SmallestStep));
        var steps = StepRoom(values.Length - 1);
        for (var row = 0; row < steps.Length; row++)
            steps[row] = values[row + 1] - values[row] - (ulong)statistics.SmallestStep;
        PackedColumn.Write(to, steps, 0, (ulong)statistics.LargestStep - (ulong)statistics.SmallestStep, wholeBytes);
    }
}
