using System.Collections.Immutable;
using Clew.Storage.Blocks.Version1;
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
            if (TryRead(name, id) is { } block)
            {
                blocks.Add(block);
                firstLiveSegment = Math.Max(firstLiveSegment, block.Origin.LastSegment + 1);
            }
        }

        var replaced = blocks.SelectMany(block => block.Origin.Replaces).ToHashSet();
        var live = blocks.Where(block => !replaced.Contains(block.Summary.Id)).OrderBy(block => block.Origin.FirstSegment).Select(block => block.Summary);
        var manifest = new Manifest(1, firstLiveSegment, nextBlock, [.. live]);
        manifest.Save(folder);
        return manifest;
    }

    (BlockSummary Summary, BlockOrigin Origin)? TryRead(string name, ulong id)
    {
        using var opened = folder.OpenToRead(name);
        try
        {
            if (Version1Block.Is(opened))
            {
                var old = Version1Block.Open(opened);
                return (old.Summarize(id), old.Origin);
            }

            using var file = new BlockFile(opened);
            var index = file.ReadIndex();
            return (BlockSummary.Of(id, file.LengthBytes, index), index.Origin);
        }
        catch (CorruptFileException corrupt)
        {
            damage.Add(corrupt.Message + " The block is set aside.");
        }

        folder.Rename(name, name + FileNames.Damaged);
        return null;
    }
}
