using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Buckets;
using Clew.Storage.Compaction;
using Clew.Storage.Files;
using Clew.Storage.Head;
using Clew.Storage.Reading;
using Clew.Storage.Retention;
using Clew.Storage.Segments;

namespace Clew.Storage;

/// <summary>The embedded store: one folder, one process.</summary>
/// <remarks>
/// A batch becomes durable in a segment (<see cref="Segments"/>), visible in the head (<see cref="Head"/>), and ends in a block (<see cref="Blocks"/>). Formats: docs/formats.
/// </remarks>
public sealed class TraceStore : ITraceStore
{
    static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1), TrimInterval = TimeSpan.FromMinutes(1);

    readonly IDisposable _lock;
    readonly StoreContents _contents;
    readonly DamageLog _damage;
    readonly SegmentLog _log;
    readonly Committer _committer;
    readonly ManifestFile _manifest;
    readonly Sealer _sealer;
    readonly Compactor _compactor;
    readonly TierSet _tiers;
    readonly TierTransfer _transfer;
    readonly BackgroundWork _sealWork, _compactWork, _expireWork, _transferWork;
    readonly StoreReader _reader;
    readonly StoreScans _scans;
    readonly AttributeKeys _keys;
    readonly StoreThreads _threads;
    readonly Task _committing, _sealing, _compacting, _expiring, _transferring;
    readonly TimeProvider _time;
    readonly ITimer _clock;
    readonly Lock _disposing = new();
    Task? _closing;
    long _trimmedAt;

    TraceStore(Opening opening, StorageOptions options, IKeepRules? rules, TimeProvider time, StoreThreads threads, Action<StorageEvent> report)
    {
        _lock = opening.Lock;
        _time = time;
        _trimmedAt = time.GetTimestamp();
        _contents = opening.Contents;
        _damage = opening.Damage;
        _threads = threads;
        _manifest = new ManifestFile(opening.Folder, opening.Manifest);
        _log = new SegmentLog(opening.Folder, _contents, options, time, report) { NextId = opening.NextSegment };
        _committer = new Committer(_log, _contents, options, time);
        var (turns, farTurns) = (new ReadTurns(options.ReadParallelism, threads.Read), new ReadTurns(options.ReadParallelism, threads.Read));
        _reader = new StoreReader(_contents, _damage, turns, farTurns);
        _scans = new StoreScans(_contents, _damage, turns, farTurns);
        _keys = new AttributeKeys(_contents, _damage, turns, farTurns);

        var (disk, merging) = (new DiskUse(opening.Files, _manifest, _contents, options), new MergingBlocks());
        var pace = new CompactionPace(options.Compaction, time) { IsIngestBusy = () => _committer.InFlightBytes > 0 };
        var merger = new BlockMerger(_contents, _manifest, rules, options, pace);
        _compactor = new Compactor(opening.Files, _manifest, _contents, _damage, new CompactionPolicy(options, rules), merger, disk, merging, time, report);
        _compactWork = new BackgroundWork($"{opening.Folder.Path}: blocks could not be merged", _compactor.StepAsync, time, report);
        var expiry = new Expiry(opening.Files, _manifest, _contents, disk, merging, options, time, report);
        _expireWork = new BackgroundWork($"{opening.Folder.Path}: blocks could not be expired", expiry.StepAsync, time, report);
        _tiers = opening.Files.Tiers;
        _transfer = new TierTransfer(_tiers, opening.Files, _manifest, _contents, merging, () => _compactor.IsSettled, threads.Transfer, options, time, report);
        _transferWork = new BackgroundWork($"{opening.Folder.Path}: blocks could not be moved to their tier, or removed from there", _transfer.StepAsync, time, report);
        _sealer = new Sealer(opening.Folder, opening.Files, _manifest, _contents, options, time, report)
        {
            IsSpaceShort = () => _log.TroubleText.Length > 0,
            Sealed = () => Wake(),
        };
        _sealWork = new BackgroundWork($"{opening.Folder.Path}: segments could not be sealed", _sealer.SealNextAsync, time, report);
        _log.Closed = _sealWork.Wake;

        _committing = StoreThreads.Start(_committer.RunAsync, threads.Commit);
        _sealing = StoreThreads.Start(_sealWork.RunAsync, threads.Seal);
        _compacting = StoreThreads.Start(_compactWork.RunAsync, threads.Compact);
        _expiring = StoreThreads.Start(_expireWork.RunAsync, threads.Compact);
        _transferring = StoreThreads.Start(_transferWork.RunAsync, threads.Compact);
        Wake();
        _clock = time.CreateTimer(_ => Tick(), null, TickInterval, TickInterval);
    }

    /// <summary>Opens the store in a folder, which is created when it is missing (its parent must exist), and replays what is not in blocks yet.</summary>
    /// <param name="report">Told what an operator may want to read in a log; called from any thread.</param>
    /// <param name="rules">Decide which traces move on to later levels; all of them without.</param>
    /// <exception cref="ArgumentException">The options have <see cref="StorageOptions.Problems"/>.</exception>
    /// <exception cref="StoreFolderException">The folder cannot be created or written to.</exception>
    /// <exception cref="StoreLockedException">Another process has it open.</exception>
    /// <exception cref="UnsupportedFormatException">A newer version, or a library that is missing here, wrote it.</exception>
    public static Task<TraceStore> OpenAsync(
        StorageOptions options, string folder, TimeProvider time, Action<StorageEvent>? report = null, IKeepRules? rules = null, CancellationToken cancellation = default)
    {
        Check(options);
        return Task.Run(
            () => Open(options, DiskFolder.OpenOrCreate(folder), time, StoreThreads.Dedicated(), report ?? (_ => { }), cancellation, rules), cancellation);
    }

    internal static TraceStore Open(
        StorageOptions options, IStorageFolder folder, TimeProvider time, StoreThreads threads, Action<StorageEvent> report, CancellationToken cancellation,
        IKeepRules? rules = null, Func<TierOptions, string, IBucket?>? newBucket = null)
    {
        try
        {
            Check(options);
            newBucket ??= (tier, setting) => tier.ToBucket(setting, time);
            return new TraceStore(Opening.Run(folder, options, time, newBucket, report, cancellation), options, rules, time, threads, report);
        }
        catch
        {
            threads.Dispose();
            throw;
        }
    }

    public ValueTask<AppendResult> AppendAsync(SpanBatch batch, CancellationToken cancellation) => _committer.AppendAsync(batch, cancellation);

    public ValueTask<SpanBatch?> FindTraceAsync(TraceId id, CancellationToken cancellation) => _reader.FindTraceAsync(id, cancellation);

    public ValueTask<KeepDecision?> FindDecisionAsync(TraceId id, CancellationToken cancellation) => ValueTask.FromResult(_reader.FindDecision(id, cancellation));

    public async ValueTask<IReadOnlyList<SpanBatch?>> FindTracesAsync(IReadOnlyList<TraceId> ids, ReadMeter meter, CancellationToken cancellation) =>
        await _reader.FindTracesAsync(ids, meter, cancellation);

    public ValueTask<IReadOnlyList<TraceMatch>> FindTracesAsync(SpanSelection selection, int traceCountMax, ReadMeter meter, CancellationToken cancellation) =>
        _reader.FindTracesAsync(selection, traceCountMax, meter, cancellation);

    public ValueTask<IReadOnlyList<string>> FindServicesAsync(CancellationToken cancellation) => ValueTask.FromResult(_contents.Operations.Services());

    public ValueTask<IReadOnlyList<Operation>> FindOperationsAsync(string service, CancellationToken cancellation) =>
        ValueTask.FromResult(_contents.Operations.Operations(service));

    public IAsyncEnumerable<SpanBatch> ScanAsync(TimeRange starts, TraceId first, TraceId last, CancellationToken cancellation) =>
        _reader.ScanAsync(starts, first, last, cancellation);

    public Task<IReadOnlyList<TConsumer>> ScanSpansAsync<TConsumer>(
        SpanSelection selection, SpanProjection projection, Func<TConsumer> newConsumer, ReadMeter meter, CancellationToken cancellation)
        where TConsumer : ISpanConsumer =>
        _scans.ScanSpansAsync(selection, projection, newConsumer, meter, cancellation);

    public Task<IReadOnlyList<TConsumer>> ScanTracesAsync<TConsumer>(
        TraceSelection selection, SpanProjection projection, Func<TConsumer> newConsumer, ReadMeter meter, CancellationToken cancellation)
        where TConsumer : ITraceConsumer =>
        _scans.ScanTracesAsync(selection, projection, newConsumer, meter, cancellation);

    public Task<IReadOnlyList<AttributeKey>> FindAttributeKeysAsync(TimeRange starts, ReadMeter meter, CancellationToken cancellation) =>
        _keys.FindAsync(starts, meter, cancellation);

    public StoreStatistics Statistics
    {
        get
        {
            var manifest = _manifest.Current;
            var (segments, blocks) = _contents.View;
            var headSpans = segments.Sum(segment => segment.SpanCount);
            return new StoreStatistics
            {
                SpanCount = headSpans + blocks.Sum(block => block.Summary.SpanCount),
                HeadSpanCount = headSpans,
                BlockCount = blocks.Length,
                BlockBytes = blocks.Sum(block => block.Summary.Bytes),
                SegmentCount = segments.Length,
                SegmentBytes = segments.Sum(segment => segment.FileBytes),
                AppendedSpanCount = _committer.AppendedSpanCount,
                AppendedBytes = _log.AppendedBytes,
                FlushCount = _log.FlushCount,
                FlushSeconds = _log.FlushSeconds,
                InFlightBytes = _committer.InFlightBytes,
                RefusedBatchCount = _committer.RefusedCount,
                UnlistedOperationCount = _contents.Operations.UnlistedCount,
                Levels = LevelsOf(manifest),
                Expired = manifest.Losses.Expired,
                Dropped = manifest.Losses.Dropped,
                SealedBytes = _sealer.SealedBytes,
                MergeCount = _compactor.MergeCount,
                MergedSpanCount = _compactor.MergedSpanCount,
                MergedBytes = _compactor.MergedBytes,
                MovedBlockCount = _transfer.MovedBlockCount,
                MovedBytes = _transfer.MovedBytes,
                BucketReadCount = _tiers.Pages.FetchCount,
                BucketReadBytes = _tiers.Pages.FetchedBytes,
                Damage = _damage.Places,
                Unreachable = _tiers.Unreachable(manifest.Blocks),
                Trouble = string.Join(' ', ((string[])[_log.TroubleText, _sealWork.TroubleText, _compactWork.TroubleText, _expireWork.TroubleText, _transferWork.TroubleText]).Where(text => text.Length > 0)),
            };
        }
    }

    /// <summary>Commits what is queued, then lets the folder go. Segments stay as they are: the next start replays them.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_disposing)
            return new ValueTask(_closing ??= CloseAsync());
    }

    async Task CloseAsync()
    {
        await _clock.DisposeAsync();
        // Sealing and merging can go on after the next start; a restart should not have to wait for them.
        _tiers.Cancel();
        _transferWork.Complete();
        _expireWork.Complete();
        _compactWork.Complete();
        _sealWork.Complete();
        _committer.Complete();
        try
        {
            await Task.WhenAll(_transferring, _expiring, _compacting, _sealing, _committing);
        }
        finally
        {
            // Whatever ended the loops: who opens the folder next must not find it locked by a store that is gone.
            _sealer.Abandon();
            _compactor.Abandon();
            _sealWork.Dispose();
            _compactWork.Dispose();
            _expireWork.Dispose();
            _transferWork.Dispose();
            _threads.Dispose();
            _contents.Dispose();
            _tiers.Dispose();
            _lock.Dispose();
        }
    }

    /// <exception cref="ArgumentException">The options cannot be used.</exception>
    internal static void Check(StorageOptions options)
    {
        var problems = options.Problems().ToList();
        if (options.Compression == BlockCompression.Zstd && !Zstd.IsAvailable)
            problems.Add("storage.compression is zstd, and libzstd cannot be loaded: install it, or choose auto, lz4 or none.");
        if (problems.Count > 0)
            throw new ArgumentException(string.Join(" ", problems), nameof(options));
    }

    void Tick()
    {
        if (_time.GetElapsedTime(_trimmedAt) >= TrimInterval)
        {
            _trimmedAt = _time.GetTimestamp();
            ColumnMemory.Trim();
        }

        _committer.Tick();
        Wake();
    }

    void Wake()
    {
        foreach (var work in (ReadOnlySpan<BackgroundWork>)[_sealWork, _expireWork, _compactWork, _transferWork])
            work.Wake();
    }

    static LevelStatistics[] LevelsOf(Manifest manifest) =>
    [
        .. from block in manifest.Blocks
           group block by block.Level into level
           orderby level.Key
           select new LevelStatistics(level.Key, level.Count(), level.Sum(block => block.SpanCount), level.Sum(block => block.Bytes)),
    ];
}
