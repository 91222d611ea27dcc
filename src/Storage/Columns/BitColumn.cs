using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Clew.Storage.Columns;

/// <summary>Numbers as distances from their smallest one, each in as few bits as the largest distance needs, without a gap.</summary>
/// <remarks><code>| 0x40 + bits u8: bits 1 to 56 | base varint | count × bits, the lowest bit first, up to a whole byte |</code></remarks>
internal static class BitColumn
{
    public const byte Form = 0x40;

    /// <summary>More than this does not fit one read of eight bytes at any bit offset.</summary>
    public const int BitsMax = 56;

    public static int BitsOf(ulong distance) => 64 - BitOperations.LeadingZeroCount(distance);

    /// <summary>The size of the packed rows.</summary>
    public static long BytesOf(int count, int bits) => ((long)count * bits + 7) / 8;

    public static void Write(ByteWriter to, ReadOnlySpan<ulong> values, ulong smallest, int bits)
    {
        to.WriteByte((byte)(Form + bits));
        to.WriteVarint(smallest);
        var target = to.AppendWithSlack(checked((int)BytesOf(values.Length, bits)), 8);
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

    public static void Read(ref ByteReader from, Span<ulong> values)
    {
        var bits = from.TakeByte() - Form;
        if (bits is < 1 or > BitsMax)
            from.Fail($"1 to {BitsMax} bits a row", $"{bits}");
        var smallest = from.TakeVarint();
        var bytes = BytesOf(values.Length, bits);
        if (bytes > from.Remaining)
            from.Fail($"{values.Length} rows of {bits} bits", $"{from.Remaining} bytes");
        Unpack(from.Take((int)bytes), values, smallest, bits);
    }

    static void Unpack(ReadOnlySpan<byte> source, Span<ulong> values, ulong smallest, int bits)
    {
        ref var start = ref MemoryMarshal.GetReference(source);
        var mask = ulong.MaxValue >> (64 - bits);
        long position = 0;
        var row = 0;
        for (; row < values.Length && (position >> 3) + 8 <= source.Length; row++, position += bits)
        {
            var word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, (nint)(position >> 3)));
            values[row] = ((word >> (int)(position & 7)) & mask) + smallest;
        }

        Span<byte> tail = stackalloc byte[16];
        for (; row < values.Length; row++, position += bits)
        {
            tail.Clear();
            source[(int)(position >> 3)..].CopyTo(tail);
            values[row] = ((BinaryPrimitives.ReadUInt64LittleEndian(tail) >> (int)(position & 7)) & mask) + smallest;
        }
    }
}
