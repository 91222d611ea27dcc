using System.Collections.Immutable;
using Clew.Storage.Files;

namespace Clew.Storage.Blocks;

/// <summary>Makes a manifest from the blocks in a folder, for when there is none that can be read: each block says which segments it replaces.</summary>
internal sealed class ManifestRebuild(IStorageFolder folder, DamageLog damage)
{
    public Manifest Run(IReadOnlyList<string> names)
    {
        var blocks = ImmutableArray.CreateBuilder<BlockSummary>();
        ulong firstLiveSegment = 0, nextBlock = 1;
        foreach (var name in names)
        {
            if (!FileNames.TryParseBlock(name, out var id))
                continue;
            nextBlock = Math.Max(nextBlock, id + 1);
            if (TryRead(name, out var index, out var bytes))
            {
                blocks.Add(BlockSummary.Of(id, bytes, index));
                firstLiveSegment = Math.Max(firstLiveSegment, index.LastSegment + 1);
            }
        }

        var manifest = new Manifest(1, firstLiveSegment, nextBlock, blocks.ToImmutable());
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
