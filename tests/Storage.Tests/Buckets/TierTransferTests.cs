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
        WriteWarmBlocks(folder, count: 1);
        using var open = Open(folder);
        var (transfer, manifest) = (open.Transfer, open.Manifest);

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
        open.Merging.Begin(manifest.Current.Blocks);
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
    }

    [Fact]
    public async Task A_block_that_cannot_be_opened_keeps_no_other_from_moving()
    {
        var folder = new HinderedFolder(_temporary.Path);
        WriteWarmBlocks(folder, count: 2);
        folder.Delete(FileNames.Block(1));
        using var open = Open(folder);
        while (await open.Transfer.StepAsync(default))
            Assert.Equal(2, open.Manifest.Current.Blocks.Length);
        Assert.Equal([BlockPlace.Folder, BlockPlace.WarmBucket], Manifest.Load(folder).Blocks.Select(block => block.Place));
    }

    static bool IsBlock(string key) => key.EndsWith(".block", StringComparison.Ordinal);

    OpenFolder Open(HinderedFolder folder) => new(Opening.Run(folder, Options, _time, (tier, _) => tier.IsGiven ? _bucket : null, _ => { }, default), _time);

    void WriteWarmBlocks(HinderedFolder folder, int count)
    {
        var arrived = UnixNanos.From(_time.GetUtcNow() - TimeSpan.FromDays(20));
        var manifest = new Manifest(1, 2, 10, []);
        for (var id = 1UL; id <= (ulong)count; id++)
        {
            using var file = folder.Create(FileNames.Block(id));
            var index = BlockWriter.Write(file, Tests.Batches.Random((int)id), new BlockOrigin(1, 1, arrived, arrived, StoreLevel.Warm, []), 64, ChunkCodec.None, default);
            manifest = manifest with { Blocks = manifest.Blocks.Add(BlockSummary.Of(id, file.LengthBytes, index)) };
        }

        manifest.Save(folder);
    }

    /// <summary>As much of an open store as moves blocks, step by step.</summary>
    sealed class OpenFolder : IDisposable
    {
        readonly Opening _opening;

        public OpenFolder(Opening opening, TimeProvider time)
        {
            _opening = opening;
            Manifest = new ManifestFile(opening.Folder, opening.Manifest);
            Transfer = new TierTransfer(
                opening.Files.Tiers, opening.Files, Manifest, opening.Contents, Merging, () => true, TaskScheduler.Default, Options, time, _ => { });
        }

        public ManifestFile Manifest { get; }

        public MergingBlocks Merging { get; } = new();

        public TierTransfer Transfer { get; }

        public void Dispose()
        {
            _opening.Contents.Dispose();
            _opening.Files.Tiers.Dispose();
            _opening.Lock.Dispose();
        }
    }
}
