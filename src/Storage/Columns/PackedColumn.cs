using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Clew.Storage.Columns;

/// <summary>Numbers as distances from their smallest one, packed (frame of reference). With no bits at all it is a constant, with 64 it is the numbers as they are.</summary>
/// <remarks>
/// <code>| 0x80 + bits u8: 0 to 56, or 64 | smallest varint | largest - smallest varint, unless bits are 0 | count × bits |</code>
/// Bits are packed as in <see cref="BitPacking"/>. The count is known from elsewhere. Distances above the range that the header tells are damage.
/// </remarks>
internal readonly ref struct PackedColumn
{
    public const byte Form = 0x80;

    readonly ByteReader _blame;
    readonly ReadOnlySpan<byte> _packed;
    readonly int _bits;

    PackedColumn(ByteReader blame, ReadOnlySpan<byte> packed, int bits, ulong smallest, ulong largest, int count)
    {
        _blame = blame;
        _packed = packed;
        _bits = bits;
        Smallest = smallest;
        Largest = largest;
        Count = count;
    }

    public int Count { get; }

    /// <summary>No number is below this.</summary>
    public ulong Smallest { get; }

    /// <summary>No number is above this.</summary>
    public ulong Largest { get; }

    public ulong this[int row]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count);
            var distance = BitPacking.Read(_packed, _bits, row);
            Check(distance);
            return Smallest + distance;
        }
    }

    public static bool IsForm(byte form) => form >= Form && BitPacking.IsWidth(form - Form);

    public static void Write(ByteWriter to, ReadOnlySpan<ulong> values, ulong smallest, ulong largest, bool wholeBytes)
    {
        var bits = BitPacking.WidthOf(largest - smallest, wholeBytes);
        // Numbers as they are: a copy gives them back, and none of them can be out of range.
        if (bits == BitPacking.FullWidth)
            (smallest, largest) = (0, ulong.MaxValue);
        to.WriteByte((byte)(Form + bits));
        to.WriteVarint(smallest);
        if (bits == 0)
            return;
        to.WriteVarint(largest - smallest);
        BitPacking.Pack(to.AppendWithSlack(checked((int)BitPacking.BytesOf(values.Length, bits)), 8), values, smallest, bits);
    }

    public static PackedColumn Open(scoped ref ByteReader from, int count)
    {
        var blame = from;
        var bits = from.TakeByte() - Form;
        if (!BitPacking.IsWidth(bits))
            blame.Fail("packed numbers", $"form {bits + Form:x2}");
        var smallest = from.TakeVarint();
        var range = bits == 0 ? 0 : from.TakeVarint();
        if (range > BitPacking.MaskOf(bits) || range > ulong.MaxValue - smallest)
            blame.Fail($"numbers of {bits} bits from {smallest} on", $"a range of {range}");
        var bytes = BitPacking.BytesOf(count, bits);
        if (bytes > from.Remaining)
            blame.Fail($"{count} rows of {bits} bits", $"{from.Remaining} bytes");
        return new PackedColumn(blame, from.Take((int)bytes), bits, smallest, smallest + range, count);
    }

    /// <summary>Takes packed numbers without a header: <paramref name="count"/> of <paramref name="bits"/> bits, from <paramref name="smallest"/> on.</summary>
    public static PackedColumn OpenBare(scoped ref ByteReader from, int count, int bits, ulong smallest = 0)
    {
        var blame = from;
        var bytes = BitPacking.BytesOf(count, bits);
        if (!BitPacking.IsWidth(bits) || bytes > from.Remaining)
            blame.Fail($"{count} rows of {bits} bits", $"{from.Remaining} bytes");
        return new PackedColumn(blame, from.Take((int)bytes), bits, smallest, smallest + BitPacking.MaskOf(bits), count);
    }

    /// <summary>Appends packed numbers without a header.</summary>
    public static void WriteBare(ByteWriter to, ReadOnlySpan<ulong> values, int bits)
    {
        if (bits > 0)
            BitPacking.Pack(to.AppendWithSlack(checked((int)BitPacking.BytesOf(values.Length, bits)), 8), values, 0, bits);
    }

    /// <param name="from">The first row wanted.</param>
    /// <param name="into">As long as rows are wanted; of a type that holds <see cref="Largest"/>.</param>
    public void Decode<T>(int from, Span<T> into)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)from, (uint)(Count - into.Length));
        if (Unsafe.SizeOf<T>() == sizeof(ulong))
            Check(BitPacking.Unpack(_packed, _bits, from, Smallest, MemoryMarshal.Cast<T, ulong>(into)));
        else if (Unsafe.SizeOf<T>() == sizeof(uint))
            Check(BitPacking.Unpack(_packed, _bits, from, (uint)Smallest, MemoryMarshal.Cast<T, uint>(into)));
        else
            DecodeNarrowing(from, into);
    }

    /// <summary>Removes the rows whose number is not one of <paramref name="low"/> to <paramref name="high"/>.</summary>
    /// <param name="rows">See <see cref="RowBits"/>; of <see cref="Count"/> rows.</param>
    public void Keep(ulong low, ulong high, Span<ulong> rows)
    {
        if (low > high || low > Largest || high < Smallest)
        {
            rows.Clear();
            return;
        }

        if (low <= Smallest && high >= Largest)
            return;
        (low, high) = (Math.Max(low, Smallest) - Smallest, Math.Min(high, Largest) - Smallest);
        var done = BitVectors.IsSupported && _bits <= BitVectors.NarrowMax ? BitVectors.Keep(_packed, _bits, (uint)low, (uint)high, rows) : 0;
        Span<ulong> distances = stackalloc ulong[64];
        for (var word = done; word < rows.Length; word++)
        {
            if (rows[word] == 0)
                continue;
            var part = distances[..Math.Min(64, Count - (word << 6))];
            BitPacking.Unpack(_packed, _bits, word << 6, 0UL, part);
            rows[word] &= Between(part, low, high);
        }
    }

    /// <summary>A bit for each of at most 64 numbers: whether it is one of <paramref name="low"/> to <paramref name="high"/>.</summary>
    internal static ulong Between(ReadOnlySpan<ulong> numbers, ulong low, ulong high)
    {
        ulong kept = 0;
        var row = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref var start = ref MemoryMarshal.GetReference(numbers);
            Vector256<ulong> least = Vector256.Create(low), span = Vector256.Create(high - low);
            for (; row + 4 <= numbers.Length; row += 4)
                kept |= (ulong)Vector256.LessThanOrEqual(Vector256.LoadUnsafe(ref start, (nuint)row) - least, span).ExtractMostSignificantBits() << row;
        }

        for (; row < numbers.Length; row++)
            kept |= (numbers[row] - low <= high - low ? 1UL : 0) << row;
        return kept;
    }

    void DecodeNarrowing<T>(int from, Span<T> into)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        Span<uint> chunk = stackalloc uint[256];
        for (var row = 0; row < into.Length; row += chunk.Length)
        {
            var part = chunk[..Math.Min(chunk.Length, into.Length - row)];
            Check(BitPacking.Unpack(_packed, _bits, from + row, (uint)Smallest, part));
            var target = into.Slice(row, part.Length);
            for (var at = 0; at < target.Length; at++)
                target[at] = T.CreateTruncating(part[at]);
        }
    }

    void Check(ulong distance)
    {
        if (distance > Largest - Smallest)
            _blame.Fail($"numbers up to {Largest}", $"{Smallest} + {distance}");
    }
}
