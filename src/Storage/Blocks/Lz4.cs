using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Clew.Storage.Blocks;

/// <summary>The LZ4 block format, for systems without libzstd: larger than zstd's by a third or so, and quicker to undo.</summary>
/// <remarks>
/// <code>
/// sequence: | token u8: literals, match | more literals 255 … | literals | offset u16 | more match 255 … |
/// </code>
/// Source: github.com/lz4/lz4, doc/lz4_Block_format.md. Half a token of 15 is continued by bytes that are added up to the first below 255; a match is four bytes longer than
/// told, and lies offset bytes back, maybe in what it makes itself. The last sequence is literals only, at least five; no match begins in the last twelve bytes.
/// </remarks>
internal static class Lz4
{
    const int MatchMin = 4, LastLiterals = 5, LastMatchStart = 12, OffsetMax = ushort.MaxValue, NibbleMax = 15;

    const int TableBitsMin = 8, TableBitsMax = 12;

    /// <summary>After so many misses in a row the search begins to skip: what does not repeat costs little.</summary>
    const int SkipShift = 6;

    /// <summary>Room that compressing <paramref name="bytes"/> bytes may take at worst.</summary>
    public static int BoundOf(int bytes) => checked(bytes + (bytes / 255) + 16);

    /// <returns>The number of bytes written to <paramref name="target"/>, which has at least <see cref="BoundOf"/> bytes.</returns>
    public static int Compress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var tableBits = Math.Clamp(BitOperations.Log2((uint)source.Length | 1), TableBitsMin, TableBitsMax);
        // The last place at which four bytes of each hash were seen; zero where none were, which is as good a guess as any.
        Span<int> table = stackalloc int[1 << TableBitsMax];
        table = table[..(1 << tableBits)];
        table.Clear();
        int literals = 0, written = 0, at = 1, misses = 1 << SkipShift;
        while (at <= source.Length - LastMatchStart)
        {
            var four = FourAt(source, at);
            ref var seen = ref table[(int)((four * 2654435761u) >> (32 - tableBits))];
            var from = seen;
            seen = at;
            if (at - from > OffsetMax || FourAt(source, from) != four)
            {
                at += misses++ >> SkipShift;
                continue;
            }

            while (at > literals && from > 0 && source[at - 1] == source[from - 1])
                (at, from) = (at - 1, from - 1);
            var more = source[(at + MatchMin)..^LastLiterals].CommonPrefixLength(source[(from + MatchMin)..]);
            written += Write(target[written..], source[literals..at], at - from, more);
            at += MatchMin + more;
            literals = at;
            misses = 1 << SkipShift;
            if (at <= source.Length - LastMatchStart)
                table[(int)((FourAt(source, at - 2) * 2654435761u) >> (32 - tableBits))] = at - 2;
        }

        return written + Write(target[written..], source[literals..], 0, 0);
    }

    /// <summary>Whether undoing the compression of <paramref name="source"/> can give so many bytes: no byte of it stands for more than 255.</summary>
    public static bool CanBecome(ReadOnlySpan<byte> source, int bytes) => bytes <= source.Length * 255L;

    /// <returns>False unless <paramref name="source"/> is a block of exactly <paramref name="target"/>'s length. Hostile ones touch nothing else and end.</returns>
    public static bool TryDecompress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        int at = 0, written = 0;
        while (at < source.Length)
        {
            var token = source[at++];
            if (!TryTakeLength(source, ref at, token >> 4, out var literals) || literals > source.Length - at || literals > target.Length - written)
                return false;
            Copy(source[at..], target[written..], (int)literals);
            at += (int)literals;
            written += (int)literals;
            if (at == source.Length)
                return written == target.Length;
            if (source.Length - at < sizeof(ushort))
                return false;
            var offset = BinaryPrimitives.ReadUInt16LittleEndian(source[at..]);
            at += sizeof(ushort);
            if (!TryTakeLength(source, ref at, token & NibbleMax, out var match))
                return false;
            match += MatchMin;
            if (offset == 0 || offset > written || match > target.Length - written)
                return false;
            CopyMatch(target, written, offset, (int)match);
            written += (int)match;
        }

        return false;
    }

    static int Write(Span<byte> target, ReadOnlySpan<byte> literals, int offset, int more)
    {
        var at = 1;
        target[0] = (byte)((Math.Min(literals.Length, NibbleMax) << 4) | Math.Min(more, NibbleMax));
        WriteRest(target, ref at, literals.Length);
        literals.CopyTo(target[at..]);
        at += literals.Length;
        if (offset == 0)
            return at;
        BinaryPrimitives.WriteUInt16LittleEndian(target[at..], (ushort)offset);
        at += sizeof(ushort);
        WriteRest(target, ref at, more);
        return at;
    }

    static void WriteRest(Span<byte> target, ref int at, int length)
    {
        if (length < NibbleMax)
            return;
        for (length -= NibbleMax; length >= 255; length -= 255)
            target[at++] = 255;
        target[at++] = (byte)length;
    }

    static bool TryTakeLength(ReadOnlySpan<byte> source, ref int at, int nibble, out long length)
    {
        length = nibble;
        if (nibble < NibbleMax)
            return true;
        while (at < source.Length)
        {
            var part = source[at++];
            length += part;
            if (part < 255)
                return true;
        }

        return false;
    }

    // Most are short: a whole vector costs less than finding out how short, where there is room for one.
    static void Copy(ReadOnlySpan<byte> from, Span<byte> to, int count)
    {
        if (count <= 16 && from.Length >= 16 && to.Length >= 16)
            Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(from)).StoreUnsafe(ref MemoryMarshal.GetReference(to));
        else
            from[..count].CopyTo(to);
    }

    static void CopyMatch(Span<byte> target, int written, int offset, int count)
    {
        var to = target.Slice(written);
        if (offset >= 16 || offset >= count)
        {
            var from = target[(written - offset)..];
            if (count <= 16)
            {
                Copy(from, to, count);
                return;
            }
        }

        // What is copied doubles what can be copied at once.
        for (var copied = 0; copied < count;)
        {
            var part = Math.Min(count - copied, offset + copied);
            target.Slice(written - offset, part).CopyTo(to[copied..]);
            copied += part;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint FourAt(ReadOnlySpan<byte> source, int at) => BinaryPrimitives.ReadUInt32LittleEndian(source[at..]);
}
