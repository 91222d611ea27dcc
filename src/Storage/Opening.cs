using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Blocks.Version1;
using Clew.Storage.Buckets;
using Clew.Storage.Files;
using Clew.Storage.Segments;

namespace Clew.Storage;

/// <summary>Opens a folder: takes the lock, reads the manifest, opens its blocks, replays its segments, and removes what a crash left half done.</summary>
internal sealed class Opening
{
    readonly StorageOptions _options;
    readonly TimeProvider _time;
    readonly Func<TierOptions, string, IBucket?> _newBucket;
    readonly Action<StorageEvent> _report;
    readonly CancellationToken _cancellation;
    bool _isRebuilt;

    Opening(
        IStorageFolder folder, StorageOptions options, TimeProvider time, Func<TierOptions, string, IBucket?> newBucket, Action<StorageEvent> report, CancellationToken cancellation)
    {
        Folder = folder;
        _time = time;
        _newBucket = newBucket;
        _options = options;
        _report = report;
        _cancellation = cancellation;
        Damage = new DamageLog(report);
        Files = new BlockFiles(folder, new BlockCache(options.BlockCacheBytesMax), Damage, report);
        Lock = folder.Lock();
    }

    public IStorageFolder Folder { get; }

    public IDisposable Lock { get; }

    public StoreContents Contents { get; } = new(new OperationCatalog());

    public DamageLog Damage { get; }

    public BlockFiles Files { get; }

    public Manifest Manifest { get; private set; } = Manifest.Empty;

    public ulong NextSegment { get; private set; } = 1;

    /// <param name="newBucket">Makes the bucket of a tier, of which the key in the configuration is given too; null where none is configured.</param>
    public static Opening Run(
        IStorageFolder folder, StorageOptions options, TimeProvider time, Func<TierOptions, string, IBucket?> newBucket, Action<StorageEvent> report, CancellationToken cancellation)
    {
        var opening = new Opening(folder, options, time, newBucket, report, cancellation);
        try
        {
            opening.Recover();
            return opening;
        }
        catch
        {
            opening.Contents.Dispose();
            opening.Files.Tiers.Dispose();
            opening.Lock.Dispose();
            throw;
        }
    }

    void Recover()
    {
        // After a kill the system still holds names in memory that no flush made durable. Nothing may be built on them, least of all deletions on a manifest.
        Folder.Flush();
        var names = Folder.List();
        foreach (var name in names)
        {
            if (name.EndsWith(FileNames.Damaged, StringComparison.Ordinal))
                Damage.Add($"{Path.Combine(Folder.Path, name)} was set aside earlier because part of it could not be read. Delete it when it is not needed.");
            else if (name.EndsWith(FileNames.Temporary, StringComparison.Ordinal))
                Folder.Delete(name);
        }

        Manifest = LoadManifest(names);
        Files.Tiers = TierSet.Open(_options, Folder, Manifest, _newBucket, _time, _report);
        if (_isRebuilt)
        {
            // Saved once and whole: a manifest with the folder's blocks only would be taken for complete by the next start, and those in buckets be forgotten.
            Manifest = new TierAdoption(Folder, Files.Tiers, Damage, UnixNanos.From(_time.GetUtcNow()), _cancellation).Run(Manifest);
            Manifest.Save(Folder);
        }

        var upgrade = new Version1Upgrade(Folder, _options, Damage, _report, _cancellation);
        Manifest = upgrade.Run(Manifest);
        foreach (var unreachable in Files.Tiers.Unreachable(Manifest.Blocks))
            _report(new StorageEvent(StorageEventLevel.Error, unreachable));
        OpenBlocks(Folder.List(), upgrade.Left);
        ReplaySegments(names);
        Folder.Flush();
    }

    Manifest LoadManifest(IReadOnlyList<string> names)
    {
        var hasBlocks = names.Any(name => FileNames.TryParseBlock(name, out _)) || names.Contains(FileNames.Claims);
        if (!names.Contains(FileNames.Manifest) && !hasBlocks)
            return Manifest.Empty;
        try
        {
            return Manifest.Load(Folder);
        }
        catch (FileNotFoundException)
        {
            // The first block was being written when a crash came, or someone deleted the manifest: the blocks themselves say which segments they replace.
            _isRebuilt = true;
            return new ManifestRebuild(Folder, Damage).Run(names);
        }
        catch (CorruptFileException corrupt)
        {
            Damage.Add(corrupt.Message + " It is rebuilt from the blocks themselves.");
            Folder.Rename(FileNames.Manifest, FileNames.Manifest + FileNames.Damaged);
            _isRebuilt = true;
            return new ManifestRebuild(Folder, Damage).Run(names);
        }
    }

    void OpenBlocks(IReadOnlyList<string> names, IReadOnlySet<ulong> ofVersion1)
    {
        var listed = Manifest.Blocks.Where(block => block.Place == BlockPlace.Folder).Select(block => block.Id).ToHashSet();
        foreach (var name in names)
        {
            if (FileNames.TryParseBlock(name, out var id) && !listed.Contains(id))
                Folder.Delete(name);
        }

        foreach (var summary in Manifest.Blocks.Where(block => !ofVersion1.Contains(block.Id)))
        {
            _cancellation.ThrowIfCancellationRequested();
            try
            {
                OpenBlock(summary);
            }
            catch (IOException failure) when (failure is not UnsupportedFormatException)
            {
                // A block whose footer is damaged stays in the view, where each query finds out for itself; one that is not there cannot.
                Damage.AddBlock(failure, summary);
            }
        }
    }

    void OpenBlock(BlockSummary summary)
    {
        var block = Files.Open(summary);
        Contents.Open(block);
        // Nobody waits for a bucket here: what is in its blocks is listed when the store is open.
        if (summary.Place == BlockPlace.Folder)
            Contents.Operations.Add(block.FindOperations() ?? []);
    }

    void ReplaySegments(IReadOnlyList<string> names)
    {
        var recovery = new SegmentRecovery(Folder, Damage, _report);
        NextSegment = Math.Max(1, Manifest.FirstLiveSegment);
        var expected = NextSegment;
        var newest = names.LastOrDefault(name => FileNames.TryParseSegment(name, out _));
        foreach (var name in names)
        {
            if (!FileNames.TryParseSegment(name, out var id))
                continue;
            if (id < Manifest.FirstLiveSegment)
            {
                recovery.Retire(id, _cancellation);
                continue;
            }

            if (id > expected)
                Damage.Add($"{Path.Combine(Folder.Path, FileNames.Segment(expected))} and those up to {name} are missing, with the spans in them.");
            expected = id + 1;
            NextSegment = Math.Max(NextSegment, id + 1);
            if (recovery.Recover(id, isNewest: name == newest, _cancellation) is { } segment)
                Contents.Open(segment);
            else if (NextSegment == id + 1)
                NextSegment = id;
        }
    }
}
