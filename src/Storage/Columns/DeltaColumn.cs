using System.Numerics;

namespace Clew.Storage.Columns;

/// <summary>Numbers as steps from each to the next.</summary>
/// <remarks>
/// <code>| 0xD2 | smallest varint | range varint | first - smallest varint | smallest step zigzag varint | steps less the smallest, packed |</code>
/// Steps are modulo 2^64. One row can only be reached by walking to it.
/// </remarks>
internal readonly ref struct DeltaColumn
{
    public const byte Form = 0xD2;

    const int ChunkRows = 256;

    readonly ByteReader _blame;
    readonly ulong _first, _smallestStep;
    readonly PackedColumn _steps;

    DeltaColumn(scoped ref ByteReader from, int count)
    {
        _blame = from;
        from.TakeByte();
        ulong smallest = from.TakeVarint(), range = from.TakeVarint(), first = from.TakeVarint();
        if (range > ulong.MaxValue - smallest || first > range)
            _blame.Fail("a range of numbers", $"{range} from {smallest} on, the first {first}");
        (Smallest, Largest, _first) = (smallest, smallest + range, smallest + first);
        _smallestStep = (ulong)ZigZag.Decode(from.TakeVarint());
        _steps = PackedColumn.Open(ref from, Math.Max(0, count - 1));
    }

    public ulong Smallest { get; }

    public ulong Largest { get; }

    /// <param name="room">For the steps, one less than there are values.</param>
    public static void Write(ByteWriter to, ReadOnlySpan<ulong> values, in ColumnStatistics statistics, Span<ulong> room, bool wholeBytes)
    {
        to.WriteByte(Form);
        to.WriteVarint(statistics.Smallest);
        to.WriteVarint(statistics.Largest - statistics.Smallest);
        to.WriteVarint(values[0] - statistics.Smallest);
        to.WriteVarint(ZigZag.Encode(statistics.SmallestStep));
        for (var row = 0; row < room.Length; row++)
            room[row] = values[row + 1] - values[row] - (ulong)statistics.SmallestStep;
        PackedColumn.Write(to, room, 0, (ulong)statistics.LargestStep - (ulong)statistics.SmallestStep, wholeBytes);
    }

    public static DeltaColumn Open(scoped ref ByteReader from, int count) => new(ref from, count);

    public void Decode<T>(int from, Span<T> into)
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
            _steps.Decode(row - 1, part);
            for (var at = 0; at < part.Length; at++)
            {
                value += part[at] + _smallestStep;
                if (value - Smallest > range)
                    _blame.Fail($"numbers from {Smallest} to {Largest}", $"{value}");
                if (row + at >= from)
                    into[row + at - from] = T.CreateTruncating(value);
            }
        }
    }
}
