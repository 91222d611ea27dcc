using System.Collections.Immutable;
using Clew.Model;
using Clew.Storage.Blocks;

namespace Clew.Storage.Retention;

/// <summary>How much of the disk the store may use, and what goes when it is more.</summary>
/// <param name="UsedBytes">Of segments and blocks in the folder.</param>
/// <param name="FreeBytes">What the disk has left, with what will be free as soon as its last reader is done.</param>
internal readonly record struct DiskBudget(long UsedBytes, long FreeBytes, StorageOptions Options)
{
    /// <summary>At most this share of the disk, or of the budget, is kept free for one purpose.</summary>
    const int ShareMax = 8;

    /// <summary>Bytes that have to go for the store to stay within its bounds; 0 or less when none.</summary>
    public long ExcessBytes
    {
        get
        {
            // Room to merge into is a part of the budget: without it small blocks would stay small for ever on a disk that is always full.
            var overFree = LeftFree + Room(Total) - FreeBytes;
            return Options.DiskBytesMax == 0 ? overFree : Math.Max(overFree, UsedBytes + Room(Options.DiskBytesMax) - Options.DiskBytesMax);
        }
    }

    /// <summary>Whether so many bytes may be written on top of what is there, as merging does before its inputs go.</summary>
    public bool HasRoomFor(long bytes) => FreeBytes - bytes >= LeftFree && (Options.DiskBytesMax == 0 || UsedBytes + bytes <= Options.DiskBytesMax);

    /// <summary>What has to go: of the least valuable level the blocks that arrived first, up to the live ones.</summary>
    public static ImmutableArray<BlockSummary> Choose(IEnumerable<BlockSummary> blocks, long excessBytes)
    {
        var chosen = ImmutableArray.CreateBuilder<BlockSummary>();
        var candidates = blocks.Where(block => block.Place == BlockPlace.Folder).OrderByDescending(block => block.Level).ThenBy(block => block.ArrivedMax.Value);
        foreach (var block in candidates.TakeWhile(_ => excessBytes > 0))
        {
            chosen.Add(block);
            excessBytes -= block.Bytes;
        }

        return chosen.ToImmutable();
    }

    long Total => UsedBytes + FreeBytes;

    // Two segments more than what appends leave free: spans are to be taken on while old ones go.
    long LeftFree => Options.FreeBytesMin + Math.Min(Options.SegmentBytesMax * 2, Total / ShareMax);

    long Room(long total) => Math.Min(Options.Compaction.BlockBytesMax, total / ShareMax);
}
