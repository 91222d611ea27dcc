using Clew.Model;
using Clew.Storage.Inspection;
using Clew.Storage.Tests.Simulation;

namespace Clew.Storage.Tests.Inspection;

/// <summary>A backup of a store at work, on the simulated disk: appends, sealing and whatever else the store does come between any two steps of it, as a seed decides.</summary>
public sealed class BackupRaceTests
{
    const int Traces = 30;

    static readonly StorageOptions Options = new() { SegmentBytesMax = 64 << 10, RowGroupRows = 64, Compression = BlockCompression.None };

    [Theory]
    [InlineData(1, 150)]
    [InlineData(10_001, 150)]
    public void What_was_acknowledged_before_a_backup_began_is_in_it_whole_and_once(int firstSeed, int count)
    {
        var sealedMeanwhile = 0;
        Parallel.For(firstSeed, firstSeed + count, seed =>
        {
            try
            {
                if (Race(seed))
                    Interlocked.Increment(ref sealedMeanwhile);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}: {failure.Message}", failure);
            }
        });
        Assert.True(sealedMeanwhile > count / 6, $"in {sealedMeanwhile} of {count} histories alone a block was made during the backup");
    }

    /// <returns>Whether the store changed its manifest while the backup was taken.</returns>
    static bool Race(int seed)
    {
        var random = new Random(seed);
        var disk = new SimulatedDisk(random);
        var folder = disk.NewProcess();
        var oracle = new Oracle();
        var scheduler = new SeededScheduler(random);
        var store = TraceStore.Open(Options, folder, new ManualTime(), new StoreThreads(scheduler, scheduler, scheduler), _ => { }, default);
        for (var batch = random.Next(1, 60); batch > 0; batch--)
            Send();
        for (var steps = random.Next(200); steps > 0 && scheduler.Step(); steps--)
            oracle.Settle();
        oracle.Settle();
        var acknowledged = oracle.Stored.Select(batch => batch.Spans.SpanIds[0]).ToHashSet();
        var blocksBefore = store.Statistics.BlockCount;
        var liveliness = random.Next(1, 8);
        using var snapshot = StoreSnapshot.Open(new RacingFolder(folder, Between));
        var target = new SimulatedDisk(new Random(seed));
        new BackupCopy(snapshot, target.NewProcess(), (_, _) => false, _ => { }, default).Run();
        var hasSealed = store.Statistics.BlockCount > blocksBefore;
        scheduler.RunUntilIdle();
        oracle.Settle();
        // The backup is durable when it is done: a power loss takes nothing of it.
        target.Crash();
        Check(target, oracle, acknowledged);
        return hasSealed;

        void Send()
        {
            var sent = oracle.Add(Batches.Random(random.Next(), Traces, spanCountMax: random.Next(1, 60)));
            sent.Answer = scheduler.Start(() => store.AppendAsync(sent.Batch, default).AsTask());
        }

        void Between()
        {
            if (random.Next(8) >= liveliness)
                return;
            if (random.Next(12) == 0)
                Send();
            for (var steps = random.Next(6); steps > 0 && scheduler.Step(); steps--)
            {
            }
        }
    }

    static void Check(SimulatedDisk target, Oracle oracle, HashSet<SpanId> acknowledged)
    {
        var random = new Random(1);
        var scheduler = new SeededScheduler(random);
        var store = TraceStore.Open(Options, target.NewProcess(), new ManualTime(), new StoreThreads(scheduler, scheduler, scheduler), _ => { }, default);
        Assert.Empty(store.Statistics.Damage);
        var found = scheduler.Run(async () =>
        {
            var spans = new List<(SpanBatch Batch, int Row)>();
            await foreach (var batch in store.ScanAsync(TimeRange.All, default, new TraceId(ulong.MaxValue, ulong.MaxValue), default))
                spans.AddRange(Batches.Rows(batch));
            return spans;
        });
        var stored = oracle.Group(found, "backup");
        foreach (var batch in oracle.Stored)
        {
            var number = batch.Spans.SpanIds[0].Value >> 16;
            var rows = stored.TryGetValue(number, out var there) ? there.Count : 0;
            // What came later may be there as well, but not by half.
            var isRight = rows == batch.SpanCount || (rows == 0 && !acknowledged.Contains(batch.Spans.SpanIds[0]));
            Assert.True(isRight, $"{rows} of the {batch.SpanCount} spans of batch {number} are in the backup.");
        }
    }
}
