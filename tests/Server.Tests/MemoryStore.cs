using Clew.Model;

namespace Clew.Server.Tests;

/// <summary>A store without a disk: what the contract of <see cref="ITraceStore"/> says, in the plainest way, with a switch for each kind of refusal.</summary>
internal sealed class MemoryStore : ITraceStore
{
    readonly Lock _changing = new();
    readonly List<SpanBatch> _batches = [];
    TaskCompletionSource _open = Completed(), _readable = Completed();

    /// <summary>What appends are answered with.</summary>
    public AppendResult Result { get; set; } = AppendResult.Stored;

    /// <summary>Thrown by appends when set.</summary>
    public Exception? AppendFailure { get; set; }

    /// <summary>Thrown by reads when set.</summary>
    public Exception? ReadFailure { get; set; }

    public string Trouble { get; set; } = "";

    public IReadOnlyList<string> Damage { get; set; } = [];

    public IReadOnlyList<string> Unreachable { get; set; } = [];

    public long UnlistedOperationCount { get; set; }

    /// <summary>Memory that looking up the keys of attributes takes.</summary>
    public long AttributeKeysBytes { get; set; }

    public int WaitingAppends { get; private set; }

    /// <summary>Spans that all scans together have answered with.</summary>
    public long ScannedSpanCount { get; private set; }

    /// <summary>Traces that were looked up by id, one by one or several at once.</summary>
    public int TraceLookUpCount { get; private set; }

    /// <summary>How many traces were looked up at once, each time.</summary>
    public List<int> LookUpSizes { get; } = [];

    public bool IsDisposed { get; private set; }

    /// <summary>Appends wait from now on, until <see cref="Release"/>.</summary>
    public void Hold() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Questions for services, and scans, wait from now on, until <see cref="ReleaseReads"/>.</summary>
    public void HoldReads() => _readable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void ReleaseReads() => _readable.TrySetResult();

    public int WaitingReads { get; private set; }

    public void Release() => _open.TrySetResult();

    public async ValueTask<AppendResult> AppendAsync(SpanBatch batch, CancellationToken cancellation)
    {
        lock (_changing)
            WaitingAppends++;
        await _open.Task.WaitAsync(cancellation);
        if (AppendFailure is not null)
            throw AppendFailure;
        lock (_changing)
        {
            WaitingAppends--;
            if (Result.Outcome == AppendOutcome.Stored)
                _batches.Add(batch);
            return Result;
        }
    }

    public ValueTask<SpanBatch?> FindTraceAsync(TraceId id, CancellationToken cancellation)
    {
        ThrowIfAsked();
        TraceLookUpCount++;
        var rows = from batch in Batches from row in RowsOf(batch, id) select (batch, row);
        var copier = new SpanCopier(new SpanBatch());
        foreach (var (batch, row) in rows.OrderBy(at => at.batch.Spans.Starts[at.row]))
            copier.Copy(batch, row);
        return ValueTask.FromResult(copier.Target.SpanCount == 0 ? null : copier.Target);
    }

    public async ValueTask<IReadOnlyList<SpanBatch?>> FindTracesAsync(IReadOnlyList<TraceId> ids, ReadMeter meter, CancellationToken cancellation)
    {
        lock (_changing)
            LookUpSizes.Add(ids.Count);
        var traces = new List<SpanBatch?>();
        foreach (var id in ids)
        {
            traces.Add(meter.IsSpent ? null : await FindTraceAsync(id, cancellation));
            var limit = traces[^1] is { } trace ? meter.Room.TryTake(BatchMemory.Of(trace)) : ReadLimit.None;
            if (limit != ReadLimit.None)
                traces[^1] = null;
            if (limit != ReadLimit.None && ids.Count == 1)
                meter.LeaveOut(limit, otherBytes: 0);
            else if (limit != ReadLimit.None)
                meter.CountLeftTraces(1);
            meter.CountRows(traces[^1]?.SpanCount ?? 0, traces[^1]?.SpanCount ?? 0);
        }

        return traces;
    }

    /// <summary>What keep rules decided.</summary>
    public Dictionary<TraceId, KeepDecision> Decisions { get; } = [];

    public ValueTask<KeepDecision?> FindDecisionAsync(TraceId id, CancellationToken cancellation) => ValueTask.FromResult(Decisions.GetValueOrDefault(id));

    public ValueTask<IReadOnlyList<TraceMatch>> FindTracesAsync(SpanSelection selection, int traceCountMax, ReadMeter meter, CancellationToken cancellation)
    {
        ThrowIfAsked();
        var newest = new Dictionary<TraceId, UnixNanos>();
        foreach (var batch in Batches.TakeWhile(_ => !meter.IsSpent))
        {
            var matcher = new SpanMatcher(selection, batch);
            meter.CountBlock(isPruned: false);
            meter.CountRows(batch.SpanCount, 0);
            for (var row = 0; row < batch.SpanCount; row++)
            {
                if (matcher.Matches(row) && (!newest.TryGetValue(batch.Spans.TraceIds[row], out var known) || known < batch.Spans.Starts[row]))
                    newest[batch.Spans.TraceIds[row]] = batch.Spans.Starts[row];
            }
        }

        return ValueTask.FromResult<IReadOnlyList<TraceMatch>>(
            [.. newest.Select(trace => new TraceMatch(trace.Key, trace.Value)).OrderByDescending(match => match.Newest).Take(traceCountMax)]);
    }

    public async ValueTask<IReadOnlyList<string>> FindServicesAsync(CancellationToken cancellation)
    {
        ThrowIfAsked();
        await ReadableAsync(cancellation);
        return [.. Rows().Select(Service).Distinct().Order(StringComparer.Ordinal)];
    }

    public ValueTask<IReadOnlyList<Operation>> FindOperationsAsync(string service, CancellationToken cancellation) => ValueTask.FromResult<IReadOnlyList<Operation>>(
    [
        .. Rows().Where(at => Service(at) == service)
            .Select(at => new Operation(at.Batch.Strings.GetString(at.Batch.Spans.Names[at.Row]), at.Batch.Spans.Kinds[at.Row]))
            .Distinct().OrderBy(operation => operation.Name, StringComparer.Ordinal).ThenBy(operation => operation.Kind),
    ]);

    public async IAsyncEnumerable<SpanBatch> ScanAsync(
        TimeRange starts, TraceId first, TraceId last, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await ReadableAsync(cancellation);
        foreach (var batch in Batches)
        {
            await Task.Yield();
            var copier = new SpanCopier(new SpanBatch());
            for (var row = 0; row < batch.SpanCount; row++)
            {
                if (starts.Contains(batch.Spans.Starts[row]) && batch.Spans.TraceIds[row] >= first && batch.Spans.TraceIds[row] <= last)
                    copier.Copy(batch, row);
            }

            ScannedSpanCount += copier.Target.SpanCount;
            if (copier.Target.SpanCount > 0)
                yield return copier.Target;
        }
    }

    public Task<IReadOnlyList<TConsumer>> ScanSpansAsync<TConsumer>(
        SpanSelection selection, SpanProjection projection, Func<TConsumer> newConsumer, ReadMeter meter, CancellationToken cancellation)
        where TConsumer : ISpanConsumer
    {
        ThrowIfAsked();
        var consumer = newConsumer();
        foreach (var batch in Batches.TakeWhile(_ => !meter.IsSpent))
        {
            cancellation.ThrowIfCancellationRequested();
            var matcher = new SpanMatcher(selection, batch);
            int[] rows = [.. Enumerable.Range(0, batch.SpanCount).Where(row => matcher.CanMatch && matcher.Matches(row))];
            meter.CountBlock(isPruned: false);
            meter.CountRows(batch.SpanCount, rows.Length);
            if (rows.Length > 0)
                consumer.Take(batch, rows);
        }

        return Task.FromResult<IReadOnlyList<TConsumer>>([consumer]);
    }

    public async Task<IReadOnlyList<TConsumer>> ScanTracesAsync<TConsumer>(
        TraceSelection selection, SpanProjection projection, Func<TConsumer> newConsumer, ReadMeter meter, CancellationToken cancellation)
        where TConsumer : ITraceConsumer
    {
        ThrowIfAsked();
        var consumer = newConsumer();
        var asked = Batches.SelectMany(batch => batch.Spans.TraceIds.Values.ToArray()).ToHashSet();
        foreach (var each in selection.Each)
            asked.IntersectWith(Batches.SelectMany(batch => Matching(batch, each)));
        foreach (var id in asked.TakeWhile(_ => !meter.IsSpent))
        {
            cancellation.ThrowIfCancellationRequested();
            var trace = await FindTraceAsync(id, cancellation);
            meter.CountRows(trace!.SpanCount, trace.SpanCount);
            consumer.Take(trace, [new RowRange(0, trace.SpanCount)]);
        }

        return [consumer];
    }

    public Task<IReadOnlyList<AttributeKey>> FindAttributeKeysAsync(TimeRange starts, ReadMeter meter, CancellationToken cancellation)
    {
        ThrowIfAsked();
        meter.TakeMemory(AttributeKeysBytes);
        var keys = Batches.TakeWhile(_ => !meter.IsSpent).SelectMany(batch => new (AttributeOwners Owner, AttributeColumns Columns)[]
        {
            (AttributeOwners.Span, batch.Spans.Attributes), (AttributeOwners.Resource, batch.Resources.Attributes), (AttributeOwners.Scope, batch.Scopes.Attributes),
            (AttributeOwners.Event, batch.Events.Attributes), (AttributeOwners.Link, batch.Links.Attributes),
        }.SelectMany(part => part.Columns.Keys.Values.ToArray().Select(key => new AttributeKey(part.Owner, batch.Strings.GetString(key)))));
        return Task.FromResult<IReadOnlyList<AttributeKey>>([.. keys.Distinct().OrderBy(key => key.Owner).ThenBy(key => key.Key, StringComparer.Ordinal)]);
    }

    public StoreStatistics Statistics => new()
    {
        SpanCount = Batches.Sum(batch => batch.SpanCount),
        HeadSpanCount = Batches.Sum(batch => batch.SpanCount),
        BlockCount = 0,
        BlockBytes = 0,
        SegmentCount = 1,
        SegmentBytes = 0,
        AppendedSpanCount = Batches.Sum(batch => batch.SpanCount),
        AppendedBytes = 0,
        FlushCount = Batches.Length,
        FlushSeconds = 0,
        InFlightBytes = 0,
        RefusedBatchCount = 0,
        UnlistedOperationCount = UnlistedOperationCount,
        Damage = Damage,
        Unreachable = Unreachable,
        Trouble = Trouble,
    };

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }

    public SpanBatch[] Batches
    {
        get
        {
            lock (_changing)
                return [.. _batches];
        }
    }

    IEnumerable<(SpanBatch Batch, int Row)> Rows() => Batches.SelectMany(batch => Enumerable.Range(0, batch.SpanCount).Select(row => (batch, row)));

    // A plain loop: tests look thousands of traces up.
    static List<int> RowsOf(SpanBatch batch, TraceId id)
    {
        var rows = new List<int>();
        var ids = batch.Spans.TraceIds.Values;
        for (var row = 0; row < ids.Length; row++)
        {
            if (ids[row] == id)
                rows.Add(row);
        }

        return rows;
    }

    static IEnumerable<TraceId> Matching(SpanBatch batch, SpanSelection selection)
    {
        var matcher = new SpanMatcher(selection, batch);
        return Enumerable.Range(0, batch.SpanCount).Where(row => matcher.CanMatch && matcher.Matches(row)).Select(row => batch.Spans.TraceIds[row]);
    }

    static string Service((SpanBatch Batch, int Row) at) => ServiceName.Of(at.Batch, at.Batch.ResourceOf(at.Row));

    async Task ReadableAsync(CancellationToken cancellation)
    {
        lock (_changing)
            WaitingReads++;
        await _readable.Task.WaitAsync(cancellation);
        lock (_changing)
            WaitingReads--;
    }

    void ThrowIfAsked()
    {
        if (ReadFailure is not null)
            throw ReadFailure;
    }

    static TaskCompletionSource Completed()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }
}
