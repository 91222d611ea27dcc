using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Files;
using Clew.Storage.Retention;

namespace Clew.Storage.Compaction;

/// <summary>Does at once, in a folder that no server has open, what a server does little by little: seals, moves, expires and merges until nothing is left to do.</summary>
public static class OfflineCompaction
{
    /// <param name="options">As the server's; the bounds on merging's speed do not apply.</param>
    /// <param name="folder">A folder with a store in it.</param>
    /// <param name="report">Told of each step as it is done.</param>
    /// <exception cref="ArgumentException">The options have <see cref="StorageOptions.Problems"/>.</exception>
    /// <exception cref="StoreFolderException">There is no store in the folder, or it cannot be written to.</exception>
    /// <exception cref="StoreLockedException">A server, or another process, has it open.</exception>
    /// <exception cref="IOException">The disk failed. What was done before is done, and the store is whole.</exception>
    /// <exception cref="OperationCanceledException">The same.</exception>
    public static Task<CompactionResult> RunAsync(
        StorageOptions options, string folder, TimeProvider time, Action<StorageEvent> report, CancellationToken cancellation)
    {
        TraceStore.Check(options);
        Inspection.StoreSnapshot.Open(folder).Dispose();
        return RunAsync(options, DiskFolder.OpenOrCreate(folder), time, report, cancellation);
    }

    internal static async Task<CompactionResult> RunAsync(
        StorageOptions options, IStorageFolder folder, TimeProvider time, Action<StorageEvent> report, CancellationToken cancellation)
    {
        options = options with { Compaction = options.Compaction with { BytesPerSecondMax = 0 } };
        var opening = Opening.Run(folder, options, time, (tier, setting) => tier.ToBucket(setting, time), report, cancellation);
        var (contents, manifest) = (opening.Contents, new ManifestFile(folder, opening.Manifest));
        var (disk, merging) = (new DiskUse(opening.Files, manifest, contents, options), new MergingBlocks());
        // Nothing arrives any more: what is small need not wait for company.
        var sealer = new Sealer(folder, opening.Files, manifest, contents, options, time, report) { IsSpaceShort = () => true };
        var expiry = new Expiry(opening.Files, manifest, contents, disk, merging, options, time, report);
        var merger = new BlockMerger(contents, manifest, rules: null, options, new CompactionPace(options.Compaction, time));
        var compactor = new Compactor(opening.Files, manifest, contents, opening.Damage, new CompactionPolicy(options, rules: null), merger, disk, merging, time, report);
        try
        {
            var (blocksBefore, bytesBefore) = SizeOf(manifest.Current);
            while (await sealer.SealNextAsync(cancellation) || await expiry.StepAsync(cancellation) || await compactor.StepAsync(cancellation))
                cancellation.ThrowIfCancellationRequested();
            var (blocksAfter, bytesAfter) = SizeOf(manifest.Current);
            return new CompactionResult(blocksBefore, bytesBefore, blocksAfter, bytesAfter, opening.Damage.Places);
        }
        finally
        {
            sealer.Abandon();
            compactor.Abandon();
            contents.Dispose();
            opening.Files.Tiers.Dispose();
            opening.Lock.Dispose();
        }
    }

    static (int Count, long Bytes) SizeOf(Manifest manifest) => (manifest.Blocks.Length, manifest.Blocks.Sum(block => block.Bytes));
}
