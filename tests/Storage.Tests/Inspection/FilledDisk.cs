using Clew.Model;
using Clew.Storage.Tests.Simulation;

namespace Clew.Storage.Tests.Inspection;

/// <summary>A simulated disk with a closed store on it: some blocks, a segment, a manifest.</summary>
internal sealed class FilledDisk
{
    public static readonly StorageOptions Options = new() { SegmentBytesMax = 64 << 10, RowGroupRows = 64, Compression = BlockCompression.None };

    FilledDisk(SimulatedDisk disk, IReadOnlyList<SpanBatch> batches) => (Disk, Batches) = (disk, batches);

    public SimulatedDisk Disk { get; }

    /// <summary>What was stored, in order.</summary>
    public IReadOnlyList<SpanBatch> Batches { get; }

    public long SpanCount => Batches.Sum(batch => (long)batch.SpanCount);

    public static FilledDisk Make(int seed, int batchCount = 60)
    {
        var random = new Random(seed);
        var disk = new SimulatedDisk(random);
        var scheduler = new SeededScheduler(random);
        var batches = new List<SpanBatch>();
        var store = TraceStore.Open(Options, disk.NewProcess(), new ManualTime(), new StoreThreads(scheduler, scheduler, scheduler), _ => { }, default);
        for (var number = 0; number < batchCount; number++)
        {
            // As many traces as there are in a real block of this size, so that some begin in one row group and end in the next.
            var batch = Tests.Batches.WithUniqueValues(Tests.Batches.Random(random.Next(), traceCount: 40), number);
            batches.Add(batch);
            var answer = scheduler.Start(() => store.AppendAsync(batch, default).AsTask());
            scheduler.RunUntilIdle();
            Assert.Equal(AppendOutcome.Stored, answer.Result.Outcome);
        }

        Assert.True(store.Statistics is { BlockCount: > 1, SegmentCount: > 0, HeadSpanCount: > 0 });
        scheduler.Run(async () =>
        {
            await store.DisposeAsync();
            return true;
        });
        disk.Kill();
        return new FilledDisk(disk, batches);
    }
}
