using System.Runtime.CompilerServices;
using Clew.Model;
using Clew.Storage.Files;
using Clew.Storage.Head;
using Clew.Storage.Segments;

namespace Clew.Storage;

/// <summary>The embedded store: one folder, one process.</summary>
/// <remarks>
/// A batch becomes durable in a segment (<see cref="Segments"/>), visible in the head (<see cref="Head"/>), and ends in a block. Formats: docs/formats.
/// </remarks>
public sealed class TraceStore : ITraceStore
{
    static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);

    readonly IDisposable _lock;
    readonly StoreContents _contents;
    readonly DamageLog _damage;
    readonly SegmentLog _log;
    readonly Committer _committer;
    readonly StoreThreads _threads;
    readonly Task _committing;
    readonly ITimer _clock;

    TraceStore(Opening opening, StorageOptions options, TimeProvider time, StoreThreads threads)
    {
        _lock = opening.Lock;
        _contents = opening.Contents;
        _damage = opening.Damage;
        _threads = threads;
        _log = new SegmentLog(opening.Folder, _contents, options, time, opening.Report) { NextId = opening.NextSegment };
        _committer = new Committer(_log, _contents, options, time);
        _committing = StoreThreads.Start(_committer.RunAsync, threads.Commit);
        _clock = time.CreateTimer(_ => _committer.Tick(), null, TickInterval, TickInterval);
    }

    /// <summary>Opens the store in a folder, which is created when it is missing (its parent must exist), and replays what is not in blocks yet.</summary>
    /// <param name="report">Told what an operator may want to read in a log; called from any thread.</param>
    /// <exception cref="ArgumentException">The options have <see cref="StorageOptions.Problems"/>.</exception>
    /// <exception cref="StoreFolderException">The folder cannot be created or written to.</exception>
    /// <exception cref="StoreLockedException">Another process has it open.</exception>
    /// <exception cref="UnsupportedFormatException">A newer version, or a library that is missing here, wrote it.</exception>
    public static Task<TraceStore> OpenAsync(
        StorageOptions options, string folder, TimeProvider time, Action<StorageEvent>? report = null, CancellationToken cancellation = default) =>
        Task.Run(() => Open(options, DiskFolder.OpenOrCreate(folder), time, StoreThreads.Dedicated(), report, cancellation), cancellation);

    internal static TraceStore Open(
        StorageOptions options, IStorageFolder folder, TimeProvider time, StoreThreads threads, Action<StorageEvent>? report, CancellationToken cancellation)
    {
        var problems = options.Problems().ToArray();
        if (problems.Length > 0)
            throw new ArgumentException(string.Join(" ", problems), nameof(options));
        return new TraceStore(Opening.Run(folder, report ?? (_ => { }), cancellation), options, time, threads);
    }

    public ValueTask<AppendResult> AppendAsync(SpanBatch batch, CancellationToken cancellation) => _committer.AppendAsync(batch, cancellation);

    public ValueTask<SpanBatch?> FindTraceAsync(TraceId id, CancellationToken cancellation)
    {
        var found = new TraceCollector(id);
        foreach (var segment in _contents.View.Segments)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var batch in segment.Batches)
                found.AddFrom(batch.Batch);
        }

        return ValueTask.FromResult(found.ToTrace());
    }

    public ValueTask<IReadOnlyList<TraceMatch>> FindTracesAsync(SpanSelection selection, int traceCountMax, CancellationToken cancellation)
    {
        var newest = new NewestTraces(traceCountMax);
        HeadSearch.Run(_contents.View, selection, newest, cancellation);
        return ValueTask.FromResult(newest.ToList());
    }

    public ValueTask<IReadOnlyList<string>> FindServicesAsync(CancellationToken cancellation) => ValueTask.FromResult(_contents.Operations.Services());

    public ValueTask<IReadOnlyList<Operation>> FindOperationsAsync(string service, CancellationToken cancellation) =>
        ValueTask.FromResult(_contents.Operations.Operations(service));

    public async IAsyncEnumerable<SpanBatch> ScanAsync(
        TimeRange starts, TraceId first, TraceId last, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        foreach (var batch in HeadScan.Run(_contents.View, starts, first, last, cancellation))
            yield return batch;
    }

    public StoreStatistics Statistics
    {
        get
        {
            var segments = _contents.View.Segments;
            var headSpans = segments.Sum(segment => segment.SpanCount);
            return new StoreStatistics
            {
                SpanCount = headSpans,
                HeadSpanCount = headSpans,
                BlockCount = 0,
                BlockBytes = 0,
                SegmentCount = segments.Length,
                SegmentBytes = segments.Sum(segment => segment.FileBytes),
                AppendedSpanCount = _committer.AppendedSpanCount,
                AppendedBytes = _log.AppendedBytes,
                FlushCount = _log.FlushCount,
                FlushSeconds = _log.FlushSeconds,
                InFlightBytes = _committer.InFlightBytes,
                RefusedBatchCount = _committer.RefusedCount,
                Damage = _damage.Places,
                Trouble = _log.TroubleText,
            };
        }
    }

    /// <summary>Commits what is queued, then lets the folder go. Segments stay as they are: the next start replays them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _clock.DisposeAsync();
        _committer.Complete();
        await _committing;
        _threads.Dispose();
        _lock.Dispose();
    }
}
