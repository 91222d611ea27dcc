using System.Numerics;

namespace Clew.Storage.Columns;

/// <summary>Numbers as distances from their smallest one in as few bits as most of them need; the few that need more have their high bits elsewhere.</summary>
/// <remarks>
/// <code>| 0xD3 | low bits u8 | high bits u8 | smallest varint | range varint | patches varint | low bits of each | row of each patch | high bits of each patch |</code>
/// Nothing of it has a header of its own: rows have the bits that the number of rows needs, and patches are what goes on top of the low bits, from 0 on.
/// </remarks>
internal readonly ref struct PatchedColumn
{
    public const byte Form = 0xD3;

    readonly ByteReader _blame;
    readonly int _lowBits;
    readonly PackedColumn _lows;
    readonly Patches _patches;

    PatchedColumn(scoped ref ByteReader from, int count)
    {
        _blame = from;
        from.TakeByte();
        _lowBits = from.TakeByte();
        var highBits = from.TakeByte();
        if (_lowBits + highBits > 64)
            _blame.Fail("numbers of at most 64 bits", $"{_lowBits} and {highBits}");
        ulong smallest = from.TakeVarint(), range = from.TakeVarint();
        if (range > ulong.MaxValue - smallest || range < BitPacking.MaskOf(_lowBits))
            _blame.Fail($"a range of numbers that {_lowBits} bits are not enough for", $"{range} from {smallest} on");
        (Smallest, Largest) = (smallest, smallest + range);
        var patchCount = from.TakeCount(count);
        _lows = PackedColumn.OpenBare(ref from, count, _lowBits, smallest);
        var rows = PackedColumn.OpenBare(ref from, patchCount, BitPacking.WidthOf((ulong)count));
        _patches = new Patches(rows, PackedColumn.OpenBare(ref from, patchCount, highBits), _blame, count);
    }

    public ulong Smallest { get; }

    public ulong Largest { get; }

    /// <param name="split">Chosen for these values.</param>
    /// <param name="room">As long as <see cref="RoomFor"/> says.</param>
    public static void Write(ByteWriter to, ReadOnlySpan<ulong> values, in ColumnStatistics statistics, PatchedSplit split, Span<ulong> room)
    {
        to.WriteByte(Form);
        to.WriteByte((byte)split.LowBits);
        to.WriteByte((byte)split.HighBits);
        to.WriteVarint(statistics.Smallest);
        to.WriteVarint(statistics.Largest - statistics.Smallest);
        to.WriteVarint((ulong)split.PatchCount);
        Span<ulong> lows = room[..values.Length], rows = room.Slice(values.Length, split.PatchCount), highs = room[^split.PatchCount..];
        var patch = 0;
        for (var row = 0; row < values.Length; row++)
        {
            var distance = values[row] - statistics.Smallest;
            lows[row] = distance & BitPacking.MaskOf(split.LowBits);
            if (distance >> split.LowBits == 0)
                continue;
            rows[patch] = (ulong)row;
            highs[patch++] = distance >> split.LowBits;
        }

        PackedColumn.WriteBare(to, lows, split.LowBits);
        PackedColumn.WriteBare(to, rows, BitPacking.WidthOf((ulong)values.Length));
        PackedColumn.WriteBare(to, highs, split.HighBits);
    }

    public static int RoomFor(int valueCount, PatchedSplit split) => valueCount + (split.PatchCount * 2);

    public static PatchedColumn Open(scoped ref ByteReader from, int count) => new(ref from, count);

    public void Decode<T>(int from, Span<T> into)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        _lows.Decode(from, into);
        for (var patch = _patches.FirstFrom(from); patch < _patches.Count; patch++)
        {
            var row = _patches.RowAt(patch);
            if (row - from >= into.Length)
                break;
            if (row >= from)
                into[row - from] = T.CreateTruncating(Patched(patch, row));
        }
    }

    /// <summary>Removes the rows whose number is not one of <paramref name="low"/> to <paramref name="high"/>.</summary>
    public void Keep(ulong low, ulong high, Span<ulong> rows)
    {
        using var rented = Rented<ulong>.Of(_patches.Count);
        var patched = rented.Span;
        for (var patch = 0; patch < patched.Length; patch++)
            patched[patch] = Patched(patch, _patches.RowAt(patch));
        var kept = _patches.Decide(new WithinRange(low, high), rows, patched);
        _lows.Keep(low, high, rows);
        _patches.Apply(kept, rows);
    }

    ulong Patched(int patch, int row)
    {
        var distance = _lows[row] - Smallest + (_patches.ValueAt(patch) << _lowBits);
        if (distance > Largest - Smallest)
            _blame.Fail($"numbers up to {Largest}", $"{Smallest} + {distance}");
        return Smallest + distance;
    }
}
