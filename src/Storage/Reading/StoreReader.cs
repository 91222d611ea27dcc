using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Blocks.Search;
using Clew.Storage.Head;

namespace Clew.Storage.Reading;

/// <summary>Answers queries over head and blocks. A part that cannot be read is reported and left out; the rest of the answer stands.</summary>
/// <param name="turns">For what is in the data folder.</param>
/// <param name="farTurns">For blocks in buckets, one thread a query: who waits for a bucket keeps nobody from reading what is at hand.</param>
internal sealed class StoreReader(StoreContents contents, DamageLog damage, ReadTurns turns, ReadTurns farTurns)
{
    /// <summary>Row groups that a thread reads before it looks whether others could help, or need its turn: most queries are done by then.</summary>
    const int SliceGroups = 16;

    public async ValueTask<SpanBatch?> FindTraceAsync(TraceId id, CancellationToken cancellation) => (await FindTracesAsync([id], ReadMeter.Unlimited(), cancellation))[0];

    public async ValueTask<SpanBatch?[]> FindTracesAsync(IReadOnlyList<TraceId> ids, ReadMeter meter, CancellationToken cancellation)
    {
        var look = new TraceLookUp(ids, meter, damage);
        ImmutableArray<Block> blocks;
        ViewLease farLease;
        using (var lease = ViewLease.Take(contents))
        {
            Add(lease.View.Blocks, isFar: false);
            foreach (var segment in lease.View.Segments)
            {
                cancellation.ThrowIfCancellationRequested();
                foreach (var batch in segment.Batches)
                    look.Add(batch.Batch);
            }

            await turns.ShareAsync(() => look.Read(SliceGroups, cancellation));
            if (!lease.View.Blocks.Any(IsFar))
                return look.ToTraces();
            look.LeaveHead();
            blocks = lease.View.Blocks;
            farLease = lease.Of(IsFar);
        }

        using (farLease)
        {
            look.Continue();
            Add(blocks, isFar: true);
            while (look.Read(SliceGroups, cancellation))
            {
                // The next slice.
            }
        }

        return look.ToTraces();

        void Add(ImmutableArray<Block> blocks, bool isFar)
        {
            for (var order = 0; order < blocks.Length; order++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (IsFar(blocks[order]) == isFar)
                    look.Add(blocks[order], order);
            }
        }
    }

    public KeepDecision? FindDecision(TraceId id, CancellationToken cancellation)
    {
        using var lease = ViewLease.Take(contents);
        KeepDecision? found = null;
        foreach (var block in lease.View.Blocks)
        {
            cancellation.ThrowIfCancellationRequested();
            damage.TryRead(block.Summary, () => found = block.FindDecision(id));
            if (found is { IsDecided: true })
                return found;
        }

        return null;
    }

    public async ValueTask<IReadOnlyList<TraceMatch>> FindTracesAsync(SpanSelection selection, int traceCountMax, ReadMeter meter, CancellationToken cancellation)
    {
        if (traceCountMax <= 0)
            return [];
        var newest = new NewestTraces(traceCountMax);
        BlocksSearch far;
        ViewLease farLease;
        await turns.TakeAsync(cancellation);
        try
        {
            using var lease = ViewLease.Take(contents);
            HeadSearch.Run(lease.View, selection, newest, meter, cancellation);
            var near = new BlocksSearch(lease.View.Blocks.Where(block => !IsFar(block)), selection, newest, meter, damage);
            await turns.ShareAsync(() => near.Search(SliceGroups, cancellation));
            far = new BlocksSearch(lease.View.Blocks.Where(IsFar), selection, newest, meter, damage);
            // Mostly older than what the answer is full of by now.
            if (far.IsDone)
                return newest.ToList();
            farLease = lease.Of(IsFar);
        }
        finally
        {
            turns.Return();
        }

        using (farLease)
        {
            await farTurns.TakeAsync(cancellation);
            try
            {
                while (far.Search(SliceGroups, cancellation))
                {
                    // The next slice.
                }
            }
            finally
            {
                farTurns.Return();
            }
        }

        return newest.ToList();
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

    async ValueTask<SpanBatch?> ReadInTurnAsync(Block block, RowGroupInfo group, CancellationToken cancellation)
    {
        var taken = IsFar(block) ? farTurns : turns;
        await taken.TakeAsync(cancellation);
        try
        {
            return ReadGroup(block, group);
        }
        finally
        {
            taken.Return();
        }
    }

    static bool IsFar(Block block) => block.Summary.Place != BlockPlace.Folder;

    SpanBatch? ReadGroup(Block block, RowGroupInfo group)
    {
        SpanBatch? read = null;
        damage.TryRead(group, () =>
        {
            using var reader = block.NewReader();
            read = reader.ReadWhole(group);
        });
        return read;
    }

    IEnumerable<RowGroupInfo> GroupsOf(Block block, TimeRange starts)
    {
        RowGroupInfo[] groups = [];
        damage.TryRead(block.Summary, () => groups = block.Index.Groups);
        return groups.Where(group => starts.Overlaps(group.StartMin, group.StartMax));
    }
}
