using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Clew.Storage.Columns;

/// <summary>Numbers of equally many bits without a gap between them: the lowest bit first, up to a whole byte at the end.</summary>
/// <remarks>Widths are 0 to 56, where eight bytes hold a number at whatever bit it starts, or 64. The vector forms are in <see cref="BitVectors"/>.</remarks>
internal static class BitPacking
{
    public const int FullWidth = 64;

    const int WidthMax = 56;

    /// <summary>The bits that numbers up to <paramref name="largest"/> take: exactly as many as needed, or whole bytes for a compressor to find what repeats.</summary>
    public static int WidthOf(ulong largest, bool wholeBytes = false)
    {
        var bits = 64 - BitOperations.LeadingZeroCount(largest);
        if (wholeBytes)
            bits = (bits + 7) & ~7;
        return bits > WidthMax ? FullWidth : bits;
    }

    public static bool IsWidth(int bits) => (uint)bits is <= WidthMax or FullWidth;

    public static long BytesOf(long count, int bits) => ((count * bits) + 7) >> 3;

    public static ulong MaskOf(int bits) => bits == 0 ? 0 : ulong.MaxValue >> (64 - bits);

    /// <param name="target">Eight bytes more than <see cref="BytesOf"/>: the last store is of a whole word.</param>
    /// <param name="smallest">What every number is taken less of.</param>
    public static void Pack(Span<byte> target, ReadOnlySpan<ulong> values, ulong smallest, int bits)
    {
        ulong word = 0;
        int filled = 0, at = 0;
        foreach (var value in values)
        {
            var distance = value - smallest;
            word |= distance << filled;
            filled += bits;
            if (filled < 64)
                continue;
            BinaryPrimitives.WriteUInt64LittleEndian(target[at..], word);
            at += 8;
            filled -= 64;
            word = filled == 0 ? 0 : distance >> (bits - filled);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(target[at..], word);
    }

    /// <summary>One number of packed ones.</summary>
    public static ulong Read(ReadOnlySpan<byte> packed, int bits, int row)
    {
        if (bits == 0)
            return 0;
        var position = (long)row * bits;
        return (WordAt(packed, (int)(position >> 3)) >> (int)(position & 7)) & MaskOf(bits);
    }

    /// <summary>Unpacks the numbers from row <paramref name="from"/> on, and adds <paramref name="smallest"/> to each.</summary>
    /// <returns>The largest of them before the addition.</returns>
    public static ulong Unpack(ReadOnlySpan<byte> packed, int bits, int from, ulong smallest, Span<ulong> into)
    {
        if (bits == 0)
        {
            into.Fill(smallest);
            return 0;
        }

        if (bits == FullWidth && smallest == 0 && BitConverter.IsLittleEndian)
        {
            packed.Slice(from * sizeof(ulong), into.Length * sizeof(ulong)).CopyTo(MemoryMarshal.AsBytes(into));
            return ulong.MaxValue;
        }

        // A vector step takes eight rows that start at a whole byte.
        var row = Math.Min(into.Length, -from & 7);
        var largest = UnpackOneByOne(packed, bits, from, smallest, into[..row]);
        if (BitVectors.IsSupported && bits != FullWidth)
            row += BitVectors.Unpack(packed, bits, from + row, smallest, into[row..], ref largest);
        return Math.Max(largest, UnpackOneByOne(packed, bits, from + row, smallest, into[row..]));
    }

    /// <inheritdoc cref="Unpack(ReadOnlySpan{byte}, int, int, ulong, Span{ulong})"/>
    public static uint Unpack(ReadOnlySpan<byte> packed, int bits, int from, uint smallest, Span<uint> into)
    {
        if (bits == 0)
        {
            into.Fill(smallest);
            return 0;
        }

        var row = Math.Min(into.Length, -from & 7);
        var largest = UnpackOneByOne(packed, bits, from, smallest, into[..row]);
        if (BitVectors.IsSupported && bits <= BitVectors.NarrowMax)
            row += BitVectors.Unpack(packed, bits, from + row, smallest, into[row..], ref largest);
        return Math.Max(largest, UnpackOneByOne(packed, bits, from + row, smallest, into[row..]));
    }

    internal static T UnpackOneByOne<T>(ReadOnlySpan<byte> packed, int bits, int from, T smallest, Span<T> into)
        where T : unmanaged, IBinaryInteger<T>
    {
        ref var start = ref MemoryMarshal.GetReference(packed);
        var mask = MaskOf(bits);
        var position = (long)from * bits;
        ulong largest = 0;
        var row = 0;
        for (; row < into.Length && (position >> 3) + 8 <= packed.Length; row++, position += bits)
        {
            var number = (Word(ref start, (nint)(position >> 3)) >> (int)(position & 7)) & mask;
            largest = Math.Max(largest, number);
            into[row] = T.CreateTruncating(number) + smallest;
        }

        for (; row < into.Length; row++, position += bits)
        {
            var number = (WordAt(packed, (int)(position >> 3)) >> (int)(position & 7)) & mask;
            largest = Math.Max(largest, number);
            into[row] = T.CreateTruncating(number) + smallest;
        }

        return T.CreateTruncating(largest);
    }

    static ulong Word(ref byte start, nint at)
    {
        var word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, at));
        return BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);
    }

    // Up to eight bytes: what lies past the end reads as zero.
    static ulong WordAt(ReadOnlySpan<byte> packed, int at)
    {
        if (at + 8 <= packed.Length)
            return BinaryPrimitives.ReadUInt64LittleEndian(packed[at..]);
        Span<byte> tail = stackalloc byte[8];
        tail.Clear();
        packed[at..].CopyTo(tail);
        return BinaryPrimitives.ReadUInt64LittleEndian(tail);
    }
}
