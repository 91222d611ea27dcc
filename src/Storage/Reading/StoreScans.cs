using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Head;

namespace Clew.Storage.Reading;

/// <summary>Shows spans and traces of head and blocks to consumers. A part that cannot be read is reported and left out; the rest of the answer stands.</summary>
/// <param name="turns">For what is in the data folder.</param>
/// <param name="farTurns">For blocks in buckets, one thread a query.</param>
internal sealed class StoreScans(StoreContents contents, DamageLog damage, ReadTurns turns, ReadTurns farTurns)
{
    /// <summary>Batches of the head that a thread shows before it looks whether others could help.</summary>
    const int SliceBatches = 16;

    public async Task<IReadOnlyList<TConsumer>> ScanSpansAsync<TConsumer>(
        SpanSelection selection, SpanProjection projection, Func<TConsumer> newConsumer, ReadMeter meter, CancellationToken cancellation)
        where TConsumer : ISpanConsumer
    {
        var queue = new GroupQueue([selection], meter, damage);
        using var threads = new ScanThreads<SpanScanThread<TConsumer>>(() => new SpanScanThread<TConsumer>(selection, projection, newConsumer(), meter, damage));
        ViewLease farLease;
        await turns.TakeAsync(cancellation);
        try
        {
            using var lease = ViewLease.Take(contents);
            var head = new HeadBatches(lease.View);
            queue.Add(lease.View.Blocks.Where(block => !IsFar(block)));
            await turns.ShareAsync(() => threads.Run(thread => ShowSlice(head, thread.Show, () => Read(thread), meter, cancellation)));
            farLease = lease.Of(IsFar);
        }
        finally
        {
            turns.Return();
        }

        using (farLease)
        {
            queue.Add(farLease.View.Blocks);
            if (!farLease.View.Blocks.IsEmpty)
                await AloneAsync(() => threads.Run(Read), cancellation);
        }

        return [.. threads.All.Select(thread => thread.Consumer)];

        bool Read(SpanScanThread<TConsumer> thread) => !meter.IsSpent && queue.TryTake(out var slice, cancellation) && thread.Show(slice.Value, cancellation);
    }

    public async Task<IReadOnlyList<TConsumer>> ScanTracesAsync<TConsumer>(
        TraceSelection selection, SpanProjection projection, Func<TConsumer> newConsumer, ReadMeter meter, CancellationToken cancellation)
        where TConsumer : ITraceConsumer
    {
        // Until the end: what is found last may have begun in the head.
        using var lease = ViewLease.Take(contents);
        var (head, blocks) = (new HeadBatches(lease.View), lease.View.Blocks);
        var hasFar = blocks.Any(IsFar);
        var scan = new WholeTraceScan(selection, projection, new HeadTraces(head.All), meter, damage);
        var queue = new GroupQueue(scan.Selections, meter, damage);
        using var threads = new ScanThreads<TraceScanThread<TConsumer>>(() => new TraceScanThread<TConsumer>(scan, newConsumer()));
        if (hasFar)
            await AloneAsync(() => AddPlaces(isFar: true), cancellation);
        await turns.TakeAsync(cancellation);
        try
        {
            AddPlaces(isFar: false);
            queue.Add(blocks.Where(block => !IsFar(block)));
            await turns.ShareAsync(() => threads.Run(thread => ShowSlice(head, thread.Note, () => Read(thread), meter, cancellation)));
            if (!hasFar)
            {
                scan.BeginAssembly();
                await turns.ShareAsync(() => threads.Run(Assemble));
            }
        }
        finally
        {
            turns.Return();
        }

        if (hasFar)
        {
            queue.Add(blocks.Where(IsFar));
            await AloneAsync(() => threads.Run(Read), cancellation);
            scan.BeginAssembly();
            await AloneAsync(() => threads.Run(Assemble), cancellation);
        }

        return [.. threads.All.Select(thread => thread.Consumer)];

        bool AddPlaces(bool isFar)
        {
            for (var order = 0; order < blocks.Length; order++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (IsFar(blocks[order]) == isFar)
                    scan.Places.Add(blocks[order], order, isFar);
            }

            return false;
        }

        bool Read(TraceScanThread<TConsumer> thread) => !meter.IsSpent && queue.TryTake(out var slice, cancellation) && thread.Show(slice.Value, cancellation);

        bool Assemble(TraceScanThread<TConsumer> thread)
        {
            cancellation.ThrowIfCancellationRequested();
            if (meter.IsSpent || scan.TakeScattered() is not { Count: > 0 } traces)
                return false;
            thread.Show(traces);
            return true;
        }
    }

    // Some batches of the head; when there are no more, a slice of row groups.
    static bool ShowSlice(HeadBatches head, Action<HeadBatch> show, Func<bool> readGroups, ReadMeter meter, CancellationToken cancellation)
    {
        for (var count = 0; count < SliceBatches; count++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (meter.IsSpent)
                return false;
            if (head.Take() is not { } batch)
                return readGroups();
            show(batch);
        }

        return true;
    }

    async Task AloneAsync(Func<bool> workSlice, CancellationToken cancellation)
    {
        await farTurns.TakeAsync(cancellation);
        try
        {
            while (workSlice())
            {
                // The next slice.
            }
        }
        finally
        {
            farTurns.Return();
        }
    }

    static bool IsFar(Block block) => block.Summary.Place != BlockPlace.Folder;
}
