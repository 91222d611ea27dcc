using Clew.Model;
using Clew.Storage.Files;

namespace Clew.Storage.Blocks.Version1;

/// <summary>Writes blocks of version 1 again as today's when a store is opened, so that nothing else has to know what they were like.</summary>
/// <remarks>
/// As when sealing: the new block is durable before the manifest lists it, and the manifest before the old one is deleted. A crash leaves one of the two as a stray, which
/// the next start deletes; should the manifest be lost as well, the new block says what it replaces. A block that there is no space to write again stays as it is, listed and
/// out of reach, until a start with more space: the store opens without it, so that it can do what makes room.
/// </remarks>
internal sealed class Version1Upgrade(IStorageFolder folder, StorageOptions options, DamageLog damage, Action<StorageEvent> report, CancellationToken cancellation)
{
    readonly HashSet<ulong> _left = [];

    /// <summary>Blocks of version 1 that are there still: they cannot be opened.</summary>
    public IReadOnlySet<ulong> Left => _left;

    /// <summary>The manifest after all blocks of version 1 that it listed were replaced, but for those <see cref="Left"/>.</summary>
    public Manifest Run(Manifest manifest)
    {
        foreach (var summary in manifest.Blocks.Where(block => block.Place == BlockPlace.Folder))
        {
            cancellation.ThrowIfCancellationRequested();
            if (IsOld(summary))
                manifest = Replace(manifest, summary);
        }

        return manifest;
    }

    // What cannot be opened is for whoever opens it as a block to report.
    bool IsOld(BlockSummary summary)
    {
        try
        {
            using var file = folder.OpenToRead(FileNames.Block(summary.Id));
            return Version1Block.Is(file);
        }
        catch (IOException)
        {
            return false;
        }
    }

    Manifest Replace(Manifest manifest, BlockSummary old)
    {
        var oldName = FileNames.Block(old.Id);
        // Before it is decoded, which takes long: a full disk is often full at the next start, too.
        if (folder.FreeBytes < old.Bytes)
            return Leave(manifest, old);
        var (spans, origin, isWhole) = Read(oldName, old);
        if (TryReplace(manifest, old, spans, origin) is not { } replaced)
            return Leave(manifest, old);
        if (isWhole)
            folder.Delete(oldName);
        else
            folder.Rename(oldName, oldName + FileNames.Damaged);
        report(new StorageEvent(StorageEventLevel.Information, $"{Path.Combine(folder.Path, oldName)}: {spans.SpanCount} spans written again in block format {BlockFormat.Version}."));
        return replaced;
    }

    // Null when there is no space for the block, or for the manifest that lists it.
    Manifest? TryReplace(Manifest manifest, BlockSummary old, SpanBatch spans, BlockOrigin origin)
    {
        string name = FileNames.Block(manifest.NextBlock), temporary = name + FileNames.Temporary;
        var blocks = manifest.Blocks.Remove(old);
        var replaced = manifest with { Generation = manifest.Generation + 1, NextBlock = manifest.NextBlock + 1 };
        try
        {
            if (spans.SpanCount > 0)
                blocks = blocks.Insert(manifest.Blocks.IndexOf(old), Write(name, temporary, manifest.NextBlock, spans, origin));
            replaced = replaced with { Blocks = blocks };
            replaced.Save(folder);
            return replaced;
        }
        catch (DiskFullException) when (!IsSaved(replaced))
        {
            foreach (var leftOver in (string[])[temporary, name, FileNames.Manifest + FileNames.Temporary])
                folder.Delete(leftOver);
            return null;
        }
    }

    // From when it has its name on, a manifest is the one that counts: what it lists must not be deleted.
    bool IsSaved(Manifest manifest) => folder.List().Contains(FileNames.Manifest) && Manifest.Load(folder).Generation == manifest.Generation;

    (SpanBatch Spans, BlockOrigin Origin, bool IsWhole) Read(string name, BlockSummary summary)
    {
        var groups = new List<SpanBatch>();
        var origin = new BlockOrigin(0, 0, summary.ArrivedMin, summary.ArrivedMax, summary.Level, []);
        var isWhole = true;
        try
        {
            using var file = folder.OpenToRead(name);
            var block = Version1Block.Open(file);
            origin = block.Origin;
            for (var group = 0; group < block.GroupCount; group++)
                isWhole &= TryRead(block, group, groups);
        }
        catch (CorruptFileException corrupt)
        {
            damage.AddBlock(corrupt, summary);
            isWhole = false;
        }

        return (BatchMerger.Merge(groups), origin with { Replaces = [summary.Id] }, isWhole);
    }

    bool TryRead(Version1Block block, int group, List<SpanBatch> groups)
    {
        try
        {
            groups.Add(block.ReadGroup(group));
            return true;
        }
        catch (CorruptFileException corrupt)
        {
            damage.Add($"{corrupt.Message} Row group {group} of {block.GroupCount} is left out, and the block set aside.");
            return false;
        }
    }

    Manifest Leave(Manifest manifest, BlockSummary old)
    {
        _left.Add(old.Id);
        damage.AddBlock(
            new IOException($"{Path.Combine(folder.Path, FileNames.Block(old.Id))} is of format 1, and there is no space to write it again in format {BlockFormat.Version}. Make room for {old.Bytes} bytes, and start again."),
            old);
        return manifest;
    }

    BlockSummary Write(string name, string temporary, ulong id, SpanBatch spans, BlockOrigin origin)
    {
        BlockSummary summary;
        using (var file = folder.Create(temporary))
        {
            var index = BlockWriter.Write(file, spans, origin, options.RowGroupRows, options.Codec, cancellation);
            summary = BlockSummary.Of(id, file.LengthBytes, index);
        }

        folder.Rename(temporary, name);
        folder.Flush();
        return summary;
    }
}
