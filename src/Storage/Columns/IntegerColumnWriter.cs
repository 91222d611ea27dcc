using System.Numerics;

namespace Clew.Storage.Columns;

/// <summary>Writes columns of numbers in the smallest of the forms of <see cref="IntegerColumn"/>. Not for use by two threads at once; keeps its room for the next column.</summary>
internal sealed class IntegerColumnWriter
{
    /// <summary>A form that has to be walked to reach one row has to save at least this share: 1/16.</summary>
    const int WalkSavingShift = 4;

    /// <summary>What a form's header takes, roughly; no column is worth a second form for less.</summary>
    const int HeaderBits = 8 * 4;

    readonly DistinctValues _distinct = new();
    ulong[] _widened = [];
    ulong[] _runValues = [];
    ulong[] _runLengths = [];
    ulong[] _room = [];
    PatchedSplit _split;

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
        if (form == DictionaryColumn.Form)
            plainBits = Math.Min(plainBits, DictionaryBits(values.Length, statistics, wholeBytes));
        if (bits >= Smaller(plainBits))
            return false;
        RunLengths.Write(to, lengths, longest, wholeBytes);
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
            best = (DictionaryColumn.Form, bits);

        if (!wholeBytes && PatchedSplit.TryFind(values, statistics, out _split, out var patchedBits) && patchedBits + HeaderBits < Smaller(best.Bits))
            best = (PatchedColumn.Form, patchedBits + HeaderBits);
        var stepBits = PackedBits(values.Length - 1, (ulong)statistics.LargestStep - (ulong)statistics.SmallestStep, wholeBytes) + (HeaderBits * 2);
        return stepBits < Smaller(best.Bits) ? (DeltaColumn.Form, stepBits) : best;
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

    void WriteBody(ByteWriter to, ReadOnlySpan<ulong> values, in ColumnStatistics statistics, byte form, bool wholeBytes)
    {
        switch (form)
        {
            case DictionaryColumn.Form:
                // Of the numbers that were looked at last, as is the split.
                DictionaryColumn.Write(to, _distinct, wholeBytes);
                break;
            case PatchedColumn.Form:
                PatchedColumn.Write(to, values, statistics, _split, Room(PatchedColumn.RoomFor(values.Length, _split)));
                break;
            case DeltaColumn.Form:
                DeltaColumn.Write(to, values, statistics, Room(values.Length - 1), wholeBytes);
                break;
            default:
                PackedColumn.Write(to, values, statistics.Smallest, statistics.Largest, wholeBytes);
                break;
        }
    }

    Span<ulong> Room(int count)
    {
        if (_room.Length < count)
            _room = new ulong[Math.Max(count, _room.Length * 2)];
        return _room.AsSpan(0, count);
    }
}
