using System.Collections.Immutable;
using Clew.Storage.Files;

namespace Clew.Storage.Blocks;

/// <summary>Makes a manifest from the blocks in a folder, for when there is none that can be read: each block says which segments and which other blocks it replaces.</summary>
/// <remarks>
/// A block and those it was merged from are found together when a crash came before they were deleted. The merged one is complete, so it stays, and they go. More than one
/// step back need not be looked: a block is merged again only when those it replaces are durably deleted.
/// </remarks>
internal sealed class ManifestRebuild(IStorageFolder folder, DamageLog damage)
{
    public Manifest Run(IReadOnlyList<string> names)
    {
        var blocks = new List<(BlockSummary Summary, BlockOrigin Origin)>();
        ulong firstLiveSegment = 0, nextBlock = 1;
        foreach (var name in names)
        {
            if (!FileNames.TryParseBlock(name, out var id))
                continue;
            nextBlock = Math.Max(nextBlock, id + 1);
            if (TryRead(name, out var index, out var bytes))
            {
                blocks.Add((BlockSummary.Of(id, bytes, index), index.Origin));
                firstLiveSegment = Math.Max(firstLiveSegment, index.Origin.LastSegment + 1);
            }
        }

        var replaced = blocks.SelectMany(block => block.Origin.Replaces).ToHashSet();
        var live = blocks.Where(block => !replaced.Contains(block.Summary.Id)).OrderBy(block => block.Origin.FirstSegment).Select(block => block.Summary);
        var manifest = new Manifest(1, firstLiveSegment, nextBlock, [.. live]);
        manifest.Save(folder);
        return manifest;
    }

    bool TryRead(string name, out BlockIndex index, out long bytes)
    {
        using var file = new BlockFile(folder.Open(name));
        bytes = file.LengthBytes;
        try
        {
            index = file.ReadIndex();
            return true;
        }
        catch (CorruptFileException corrupt)
        {
            damage.Add(corrupt.Message + " The block is set aside.");
            index = null!;
        }

        folder.Rename(name, name + FileNames.Damaged);
        return false;
    }
}
