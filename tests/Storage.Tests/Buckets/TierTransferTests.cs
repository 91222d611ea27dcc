using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Buckets;
using Clew.Storage.Compaction;
using Clew.Storage.Tests.Simulation;

namespace Clew.Storage.Tests.Buckets;

/// <summary>The steps of moving a block, and what may come between them.</summary>
public sealed class TierTransferTests : IDisposable
{
    static readonly StorageOptions Options = new() { Warm = new TierOptions { Directory = "made by the test" } };

    readonly TemporaryFolder _temporary = new();
    readonly MemoryBucket _bucket = new();
    readonly ManualTime _time = new();

    public void Dispose()
    {
        _bucket.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public async Task Nothing_is_deleted_that_a_manifest_lists_which_may_be_on_disk()
    {
        var folder = new HinderedFolder(_temporary.Path);
        WriteWarmBlock(folder);
        var opening = Opening.Run(folder, Options, _time, (tier, _) => tier.IsGiven ? _bucket : null, _ => { }, default);
        var (manifest, merging) = (new ManifestFile(folder, opening.Manifest), new MergingBlocks());
        var transfer = new TierTransfer(opening.Files.Tiers, opening.Files, manifest, opening.Contents, merging, () => true, TaskScheduler.Default, Options, _time, _ => { });

        // The move is on disk, and nobody can know.
        var isRenamed = false;
        folder.Before = (verb, name) =>
        {
            isRenamed |= verb == "rename" && name.StartsWith(FileNames.Manifest, StringComparison.Ordinal) && _bucket.Keys.Any(IsBlock);
            if (verb == "flush" && name.Length == 0 && isRenamed)
                throw new IOException("the test says so");
        };
        await Assert.ThrowsAsync<IOException>(() => transfer.StepAsync(default));
        Assert.Equal(BlockPlace.WarmBucket, Manifest.Load(folder).Blocks.Single().Place);
        folder.Before = (_, _) => { };

        // A merge takes the block before the move is tried again: what was uploaded is garbage now.
        merging.Begin(manifest.Current.Blocks);
        var listed = new List<BlockPlace>();
        _bucket.Before = (verb, key) =>
        {
            if (verb == "delete" && IsBlock(key))
                listed.Add(Manifest.Load(folder).Blocks.Single().Place);
        };
        while (await transfer.StepAsync(default))
            Assert.Single(manifest.Current.Blocks);
        Assert.Equal([BlockPlace.Folder], listed);
        Assert.DoesNotContain(_bucket.Keys, IsBlock);
        opening.Contents.Dispose();
        opening.Files.Tiers.Dispose();
        opening.Lock.Dispose();
    }

    static bool IsBlock(string key) => key.EndsWith(".block", StringComparison.Ordinal);

    void WriteWarmBlock(HinderedFolder folder)
    {
        var arrived = UnixNanos.From(_time.GetUtcNow() - TimeSpan.FromDays(20));
        using var file = folder.Create(FileNames.Block(1));
        var index = BlockWriter.Write(file, Tests.Batches.Random(1), new BlockOrigin(1, 1, arrived, arrived, StoreLevel.Warm, []), 64, ChunkCodec.None, default);
        new Manifest(1, 2, 2, [BlockSummary.Of(1, file.LengthBytes, index)]).Save(folder);
    }
}
