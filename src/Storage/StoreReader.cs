using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Blocks.Search;
using Clew.Storage.Head;

namespace Clew.Storage;

/// <summary>Answers queries over head and blocks. A part that cannot be read is reported and left out; the rest of the answer stands.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore holds nothing of the system, and queries that wait when the store closes must get their turn, to find out.")]
internal sealed class StoreReader(StoreContents contents, DamageLog damage, StorageOptions options)
{
    readonly SemaphoreSlim _turns = new(options.ReadParallelism);

    public SpanBatch? FindTrace(TraceId id, CancellationToken cancellation) => FindTraces([id], cancellation)[0];

    public SpanBatch?[] FindTraces(IReadOnlyList<TraceId> ids, CancellationToken cancellation)
    {
        using var lease = ViewLease.Take(contents);
        TraceCollector[] found = [.. ids.Select(id => new TraceCollector(id))];
        foreach (var block in lease.View.Blocks)
        {
            cancellation.ThrowIfCancellationRequested();
            TryRead(block, () => Find(block, found));
        }

        foreach (var segment in lease.View.Segments)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var batch in segment.Batches)
            {
                foreach (var trace in found)
                    trace.AddFrom(batch.Batch);
            }
        }

        return Array.ConvertAll(found, trace => trace.ToTrace());
    }

    public KeepDecision? FindDecision(TraceId id, CancellationToken cancellation)
    {
        using var lease = ViewLease.Take(contents);
        KeepDecision? found = null;
        foreach (var block in lease.View.Blocks)
        {
            cancellation.ThrowIfCancellationRequested();
            TryRead(block, () => found = block.FindDecision(id));
            if (found is { IsDecided: true })
                return found;
        }

        return null;
    }

    public async ValueTask<IReadOnlyList<TraceMatch>> FindTracesAsync(SpanSelection selection, int traceCountMax, CancellationToken cancellation)
    {
        if (traceCountMax <= 0)
            return [];
        await _turns.WaitAsync(cancellation);
        try
        {
            using var lease = ViewLease.Take(contents);
            var newest = new NewestTraces(traceCountMax);
            HeadSearch.Run(lease.View, selection, newest, cancellation);
            SearchBlocks(lease.View.Blocks, selection, newest, cancellation);
            return newest.ToList();
        }
        finally
        {
            _turns.Release();
        }
    }

    // Row groups of all blocks in one order, the newest first: the answer fills early, and what cannot reach its oldest trace any more is never read.
    void SearchBlocks(IEnumerable<Block> blocks, SpanSelection selection, NewestTraces newest, CancellationToken cancellation)
    {
        var queue = new PriorityQueue<(Block Block, BlockSearch? Search), UnixNanos>(Comparer<UnixNanos>.Create((left, right) => right.CompareTo(left)));
        foreach (var block in blocks.Where(block => selection.Starts.Overlaps(block.Summary.StartMin, block.Summary.StartMax)))
            queue.Enqueue((block, null), block.Summary.StartMax);
        try
        {
            while (queue.TryPeek(out _, out var newestLeft) && newestLeft >= newest.Horizon)
            {
                cancellation.ThrowIfCancellationRequested();
                var (block, search) = queue.Dequeue();
                TryRead(block, () => search = Advance(block, search, selection, newest));
                if (search?.NewestLeft is { } left)
                    queue.Enqueue((block, search), left);
                else
                    search?.Dispose();
            }
        }
        finally
        {
            foreach (var ((_, search), _) in queue.UnorderedItems)
                search?.Dispose();
        }
    }

    BlockSearch? Advance(Block block, BlockSearch? search, SpanSelection selection, NewestTraces newest)
    {
        if (search is null)
            return BlockSearch.Begin(block, selection);
        search.SearchNext(newest, damage);
        return search;
    }

    public async IAsyncEnumerable<SpanBatch> ScanAsync(TimeRange starts, TraceId first, TraceId last, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var lease = ViewLease.Take(contents);
        var scan = new SpanScan(starts, first, last);
        foreach (var batch in HeadBatches(lease.View, starts))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var full in scan.Take(batch))
                yield return full;
        }

        foreach (var block in lease.View.Blocks)
        {
            foreach (var group in GroupsOf(block, starts))
            {
                // A turn per row group: the caller may take its time between two batches.
                if (await ReadInTurnAsync(block, group, cancellation) is not { } batch)
                    continue;
                foreach (var full in scan.Take(batch))
                    yield return full;
            }
        }

        if (scan.TakeRest() is { } rest)
            yield return rest;
    }

    static IEnumerable<SpanBatch> HeadBatches(StoreView view, TimeRange starts) =>
        view.Segments.SelectMany(segment => segment.Batches.ToArray()).Where(head => starts.Overlaps(head.StartMin, head.StartMax)).Select(head => head.Batch);

    // Traces of one search mostly lie side by side: each row group is read once for all of them.
    void Find(Block block, TraceCollector[] found)
    {
        var tracesOf = new SortedDictionary<int, List<TraceCollector>>();
        foreach (var trace in found)
        {
            foreach (var group in block.FindGroups(trace.Id))
            {
                if (!tracesOf.TryGetValue(group.Number, out var traces))
                    tracesOf.Add(group.Number, traces = []);
                traces.Add(trace);
            }
        }

        if (tracesOf.Count == 0)
            return;
        using var reader = block.NewReader();
        foreach (var (number, traces) in tracesOf)
            FindIn(reader, reader.Tables.Index.Groups[number], traces);
    }

    async ValueTask<SpanBatch?> ReadInTurnAsync(Block block, RowGroupInfo group, CancellationToken cancellation)
    {
        await _turns.WaitAsync(cancellation);
        try
        {
            return ReadGroup(block, group);
        }
        finally
        {
            _turns.Release();
        }
    }

    void FindIn(RowGroupReader reader, RowGroupInfo group, List<TraceCollector> traces)
    {
        try
        {
            reader.Open(group, whole: true);
        }
        catch (IOException failure) when (failure is not UnsupportedFormatException)
        {
            damage.AddRowGroup(failure, group);
            return;
        }

        var decoder = new RowGroupDecoder(reader);
        foreach (var trace in traces)
            FindIn(reader, decoder, group, trace);
    }

    // What is damaged may belong to another trace of the row group.
    void FindIn(RowGroupReader reader, RowGroupDecoder decoder, RowGroupInfo group, TraceCollector trace)
    {
        try
        {
            var target = new BatchTarget(reader.Tables.Dictionary, new SpanBatch());
            decoder.AppendTrace(trace.Id, target);
            trace.AddFrom(target.Batch);
        }
        catch (IOException failure) when (failure is not UnsupportedFormatException)
        {
            damage.AddRowGroup(failure, group);
        }
    }

    SpanBatch? ReadGroup(Block block, RowGroupInfo group)
    {
        try
        {
            using var reader = block.NewReader();
            return reader.ReadWhole(group);
        }
        catch (IOException failure) when (failure is not UnsupportedFormatException)
        {
            damage.AddRowGroup(failure, group);
            return null;
        }
    }

    IEnumerable<RowGroupInfo> GroupsOf(Block block, TimeRange starts)
    {
        RowGroupInfo[] groups = [];
        TryRead(block, () => groups = block.Index.Groups);
        return groups.Where(group => starts.Overlaps(group.StartMin, group.StartMax));
    }

    void TryRead(Block block, Action read)
    {
        try
        {
            read();
        }
        catch (IOException failure) when (failure is not UnsupportedFormatException)
        {
            damage.AddBlock(failure, block.Summary);
        }
    }
}
