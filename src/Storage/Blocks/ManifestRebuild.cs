using System.Collections.Immutable;
using Clew.Storage.Blocks.Version1;
using Clew.Storage.Files;

namespace Clew.Storage.Blocks;

/// <summary>Makes a manifest from the blocks in a folder, for when there is none that can be read: each block says which segments and which other blocks it replaces.</summary>
/// <remarks>
/// A block and those it was merged from are found together when a crash came before they were deleted. The merged one is complete, so it stays, and they go. More than one
/// step back need not be looked: a block is merged again only when those it replaces are durably deleted. Two blocks of the same segments are found when writing the first
/// one failed at its last step, and it could not be deleted: the later one has all the earlier one has.
/// </remarks>
internal sealed class ManifestRebuild(IStorageFolder folder, DamageLog damage)
{
    /// <summary>Makes the manifest, and sets aside the blocks that say nothing. It is the caller's to save, when the blocks in buckets are in it too.</summary>
    public Manifest Run(IReadOnlyList<string> names)
    {
        var manifest = Read(folder, names, out var unreadable);
        foreach (var (name, corrupt) in unreadable)
        {
            damage.Add(corrupt.Message + " The block is set aside.");
            folder.Rename(name, name + FileNames.Damaged);
        }

        return manifest;
    }

    /// <summary>Reads the footers of all blocks, and changes nothing.</summary>
    /// <param name="unreadable">The blocks whose footer is damaged: what was in them is unknown.</param>
    public static Manifest Read(IReadableFolder folder, IReadOnlyList<string> names, out IReadOnlyList<(string Name, CorruptFileException Damage)> unreadable)
    {
        var blocks = new List<(BlockSummary Summary, BlockOrigin Origin)>();
        var damaged = new List<(string, CorruptFileException)>();
        ulong firstLiveSegment = 0, nextBlock = 1;
        foreach (var name in names)
        {
            if (!FileNames.TryParseBlock(name, out var id))
                continue;
            nextBlock = Math.Max(nextBlock, id + 1);
            try
            {
                var block = ReadFooter(folder, name, id);
                blocks.Add(block);
                firstLiveSegment = Math.Max(firstLiveSegment, block.Origin.LastSegment + 1);
            }
            catch (CorruptFileException corrupt)
            {
                damaged.Add((name, corrupt));
            }
        }

        unreadable = damaged;
        var replaced = blocks.SelectMany(block => block.Origin.Replaces).Concat(SealedTwice(blocks)).ToHashSet();
        var live = blocks.Where(block => !replaced.Contains(block.Summary.Id)).OrderBy(block => block.Origin.FirstSegment).Select(block => block.Summary);
        return new Manifest(1, firstLiveSegment, nextBlock, [.. live]);
    }

    static IEnumerable<ulong> SealedTwice(List<(BlockSummary Summary, BlockOrigin Origin)> blocks)
    {
        var seals = blocks.Where(block => block.Origin.Replaces.IsEmpty).ToList();
        return from block in seals
               where seals.Exists(later => later.Summary.Id > block.Summary.Id
                   && later.Origin.FirstSegment <= block.Origin.LastSegment && later.Origin.LastSegment >= block.Origin.FirstSegment)
               select block.Summary.Id;
    }

    /// <summary>What a block, of any version, says of itself.</summary>
    public static (BlockSummary Summary, BlockOrigin Origin) ReadFooter(IReadableFolder folder, string name, ulong id)
    {
        using var opened = folder.OpenToRead(name);
        if (Version1Block.Is(opened))
        {
            var old = Version1Block.Open(opened);
            return (old.Summarize(id), old.Origin);
        }

        var file = new BlockFile(opened);
        var index = file.ReadIndex();
        return (BlockSummary.Of(id, file.LengthBytes, index), index.Origin);
    }
}
