using System.Runtime.CompilerServices;
using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Files;
using Clew.Storage.Head;
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
    readonly Sealer _sealer;
    readonly StoreReader _reader;
    readonly StoreThreads _threads;
    readonly Task _committing, _sealing;
    readonly TimeProvider _time;
    readonly ITimer _clock;
    readonly Lock _disposing = new();
    Task? _closing;
    long _trimmedAt;

    TraceStore(Opening opening, StorageOptions options, TimeProvider time, StoreThreads threads, Action<StorageEvent> report)
    {
        _lock = opening.Lock;
        _time = time;
        _trimmedAt = time.GetTimestamp();
        _contents = opening.Contents;
        _damage = opening.Damage;
        _threads = threads;
        _log = new SegmentLog(opening.Folder, _contents, options, time, report) { NextId = opening.NextSegment };
        var manifest = new ManifestFile(opening.Folder, opening.Manifest);
        _sealer = new Sealer(opening.Folder, manifest, _contents, opening.Cache, _damage, options, time, report)
        {
            IsSpaceShort = () => _log.TroubleText.Length > 0,
        };
        _log.Closed = _sealer.Wake;
        _committer = new Committer(_log, _contents, options, time);
        _reader = new StoreReader(_contents, _damage, options);
        _committing = StoreThreads.Start(_committer.RunAsync, threads.Commit);
        _sealing = StoreThreads.Start(_sealer.RunAsync, threads.Seal);
        _sealer.Wake();
        _clock = time.CreateTimer(_ => Tick(), null, TickInterval, TickInterval);
    }

    /// <summary>Opens the store in a folder, which is created when it is missing (its parent must exist), and replays what is not in blocks yet.</summary>
    /// <param name="report">Told what an operator may want to read in a log; called from any thread.</param>
    /// <exception cref="ArgumentException">The options have <see cref="StorageOptions.Problems"/>.</exception>
    /// <exception cref="StoreFolderException">The folder cannot be created or written to.</exception>
    /// <exception cref="StoreLockedException">Another process has it open.</exception>
    /// <exception cref="UnsupportedFormatException">A newer version, or a library that is missing here, wrote it.</exception>
    public static Task<TraceStore> OpenAsync(
        StorageOptions options, string folder, TimeProvider time, Action<StorageEvent>? report = null, CancellationToken cancellation = default)
    {
        Check(options);
        return Task.Run(() => Open(options, DiskFolder.OpenOrCreate(folder), time, StoreThreads.Dedicated(), report ?? (_ => { }), cancellation), cancellation);
    }

    internal static TraceStore Open(
        StorageOptions options, IStorageFolder folder, TimeProvider time, StoreThreads threads, Action<StorageEvent> report, CancellationToken cancellation)
    {
        try
        {
            Check(options);
            return new TraceStore(Opening.Run(folder, options, report, cancellation), options, time, threads, report);
        }
        catch
        {
            threads.Dispose();
            throw;
        }
    }

    public ValueTask<AppendResult> AppendAsync(SpanBatch batch, CancellationToken cancellation) => _committer.AppendAsync(batch, cancellation);

    public ValueTask<SpanBatch?> FindTraceAsync(TraceId id, CancellationToken cancellation) => ValueTask.FromResult(_reader.FindTrace(id, cancellation));

    public ValueTask<IReadOnlyList<TraceMatch>> FindTracesAsync(SpanSelection selection, int traceCountMax, CancellationToken cancellation) =>
        _reader.FindTracesAsync(selection, traceCountMax, cancellation);

    public ValueTask<IReadOnlyList<string>> FindServicesAsync(CancellationToken cancellation) => ValueTask.FromResult(_contents.Operations.Services());

    public ValueTask<IReadOnlyList<Operation>> FindOperationsAsync(string service, CancellationToken cancellation) =>
        ValueTask.FromResult(_contents.Operations.Operations(service));

    public IAsyncEnumerable<SpanBatch> ScanAsync(TimeRange starts, TraceId first, TraceId last, CancellationToken cancellation) =>
        _reader.ScanAsync(starts, first, last, cancellation);

    public StoreStatistics Statistics
    {
        get
        {
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
                Damage = _damage.Places,
                Trouble = string.Join(' ', ((string[])[_log.TroubleText, _sealer.TroubleText]).Where(text => text.Length > 0)),
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
        // Sealing can go on after the next start; a restart should not have to wait for it.
        _sealer.Complete();
        _committer.Complete();
        try
        {
            await Task.WhenAll(_sealing, _committing);
        }
        finally
        {
            // Whatever ended the loops: who opens the folder next must not find it locked by a store that is gone.
            _sealer.Dispose();
            _threads.Dispose();
            _contents.Dispose();
            _lock.Dispose();
        }
    }

    static void Check(StorageOptions options)
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
        _sealer.Wake();
    }
}
