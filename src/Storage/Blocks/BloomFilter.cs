using System.Runtime.InteropServices;

namespace Clew.Storage.Blocks;

/// <summary>A set of hashes that may claim a little too much: about one in a hundred of those that were never added, and none of those that were is missed.</summary>
/// <remarks>
/// Blocked: 512 bits, one line of the cache, per block, 10 bits per member. The hash's upper 32 bits choose the block; seven bits in it come from the nine-bit parts of the hash
/// times an odd constant. Stored as the words of the blocks, little-endian.
/// </remarks>
internal readonly struct BloomFilter(ReadOnlyMemory<ulong> words)
{
    public const int BlockWords = 8;
    public const int BlockBytes = BlockWords * sizeof(ulong);

    const int BitsPerMember = 10, ProbeCount = 7;

    /// <summary>How many blocks a filter of so many members has.</summary>
    public static int BlocksFor(long memberCount) => checked((int)((memberCount * BitsPerMember + 511) / 512));

    public static ulong[] Build(ReadOnlySpan<ulong> hashes)
    {
        var words = new ulong[BlocksFor(hashes.Length) * BlockWords];
        foreach (var hash in hashes)
        {
            var block = BlockOf(hash, words.Length / BlockWords);
            var parts = Spread(hash);
            for (var probe = 0; probe < ProbeCount; probe++, parts >>= 9)
                words[block * BlockWords + (int)((parts >> 6) & 7)] |= 1UL << (int)(parts & 63);
        }

        return words;
    }

    public bool MayContain(ulong hash)
    {
        if (words.IsEmpty)
            return false;
        var block = words.Span.Slice(BlockOf(hash, words.Length / BlockWords) * BlockWords, BlockWords);
        var parts = Spread(hash);
        for (var probe = 0; probe < ProbeCount; probe++, parts >>= 9)
        {
            if ((block[(int)((parts >> 6) & 7)] & (1UL << (int)(parts & 63))) == 0)
                return false;
        }

        return true;
    }

    /// <summary>The words of a filter, or of several one after the other, from their stored form.</summary>
    public static ulong[] Load(ReadOnlySpan<byte> stored) => MemoryMarshal.Cast<byte, ulong>(stored).ToArray();

    static int BlockOf(ulong hash, int blockCount) => (int)(((hash >> 32) * (ulong)blockCount) >> 32);

    static ulong Spread(ulong hash) => hash * 0xD6E8FEB86659FD93;
}
