using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Clew.Storage.Columns;

/// <summary>Walks bytes that came from a file, and blames the right place of it when they are not what they should be.</summary>
/// <param name="bytes">What was read.</param>
/// <param name="path">Where it was read from.</param>
/// <param name="offset">Where in that file it starts.</param>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes, string path, long offset)
{
    readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public readonly int Remaining => _bytes.Length - Position;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)Remaining)
            FailShort(count);
        var taken = _bytes.Slice(Position, count);
        Position += count;
        return taken;
    }

    public byte TakeByte() => Take(1)[0];

    public uint TakeUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong TakeUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>Takes a number of eight bytes that is at most <paramref name="limit"/>.</summary>
    public long TakeUInt64(long limit)
    {
        var number = TakeUInt64();
        if (number > (ulong)limit)
            Fail($"a number up to {limit}", $"{number}");
        return (long)number;
    }

    public ulong TakeVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = TakeByte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                if (shift == 63 && part > 1)
                    break;
                return value;
            }
        }

        Fail("a number of at most 64 bits", "more");
        return 0;
    }

    /// <summary>Takes a number that counts something: at most <paramref name="limit"/>.</summary>
    public int TakeCount(int limit)
    {
        var count = TakeVarint();
        if (count > (ulong)limit)
            Fail($"a count of at most {limit}", $"{count}");
        return (int)count;
    }

    public readonly void ExpectEnd()
    {
        if (Remaining > 0)
            Fail("the end", $"{Remaining} more bytes");
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    readonly void FailShort(int count) => Fail($"{count} more bytes", $"{Remaining}");

    [DoesNotReturn]
    public readonly void Fail(string expected, string found) => throw new CorruptFileException(path, offset + Position, expected, found);
}
