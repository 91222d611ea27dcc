using Clew.Model;
using Clew.Storage.Inspection;

namespace Clew.Storage.Tests.Simulation;

/// <summary>A process that is killed leaves in the system's memory what no flush made durable; the power may go while the next one builds on it.</summary>
public sealed class KillTests
{
    const int Seeds = 2, OpeningOperationsMax = 14, FailedWrites = 200;

    static readonly StorageOptions Options = new() { SegmentBytesMax = 64 << 10, RowGroupRows = 64, FreeBytesMin = 0 };

    [Fact]
    public void A_kill_at_any_operation_and_a_power_loss_at_any_of_the_next_start_lose_no_acknowledged_span() => Parallel.For(1, Seeds + 1, seed =>
    {
        var sealedOnce = false;
        for (var killAt = 1; Live(seed, killAt, out var disk, out var oracle); killAt++)
        {
            sealedOnce |= disk.Files.Any(file => file.Key.EndsWith(".block", StringComparison.Ordinal));
            // Names that are durable at the kill cannot be lost by the next start.
            if (!disk.HasUnflushedNames)
                continue;
            for (var lossAt = 1; lossAt <= OpeningOperationsMax; lossAt++)
            {
                if (lossAt > 1)
                    Live(seed, killAt, out disk, out oracle);
                disk.Kill();
                disk.CrashAt = disk.OperationCount + lossAt;
                OpenUntilPowerLoss(disk);
                disk.Crash();
                Check(disk, oracle, $"seed {seed}, killed at {killAt}, power lost {lossAt} operations into the next start");
            }
        }

        Assert.True(sealedOnce, $"seed {seed}: nothing was sealed");
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_start_does_not_find_of_a_write_that_could_not_be_taken_back_no_later_start_finds(bool isFull) => Parallel.For(1, FailedWrites + 1, seed =>
    {
        var random = new Random(seed);
        var disk = new SimulatedDisk(random);
        var oracle = new Oracle();
        var (scheduler, store) = Open(disk, random);
        Append(scheduler, store, oracle, seed);
        disk.FlushFailures = 1;
        Append(scheduler, store, oracle, seed + FailedWrites);
        oracle.Disconnect();
        // What the system shows is cut, and what the disk has need not be. A full disk has no room for an end mark.
        disk.Kill();
        disk.FlushFailures = 0;
        disk.CapacityBytes = isFull ? disk.Files.Sum(file => file.Value.Length) : long.MaxValue;
        Check(disk, oracle, $"seed {seed}, after the kill");
        disk.Crash();
        disk.CapacityBytes = long.MaxValue;
        using (var snapshot = StoreSnapshot.Open(disk.ReadOnly()))
            Assert.True(StoreVerification.Run(snapshot).Damage is [], $"seed {seed}: what is left of the write is taken for damage.");
        Check(disk, oracle, $"seed {seed}, after the power loss");
    });

    /// <returns>Whether the kill came at all.</returns>
    static bool Live(int seed, int killAt, out SimulatedDisk disk, out Oracle oracle)
    {
        var random = new Random(seed);
        disk = new SimulatedDisk(random);
        oracle = new Oracle();
        var (scheduler, store) = Open(disk, random);
        disk.CrashAt = disk.OperationCount + killAt;
        for (var batch = 0; batch < 22; batch++)
            Append(scheduler, store, oracle, (seed * 1_000) + batch);

        oracle.Disconnect();
        return disk.OperationCount >= disk.CrashAt;
    }

    static void Append(SeededScheduler scheduler, TraceStore store, Oracle oracle, int seed)
    {
        var sent = oracle.Add(Batches.Random(seed, traceCount: 30));
        sent.Answer = scheduler.Start(() => store.AppendAsync(Batches.Rented(sent.Batch), default).AsTask());
        scheduler.RunUntilIdle();
    }

    static void OpenUntilPowerLoss(SimulatedDisk disk)
    {
        try
        {
            Open(disk, new Random(1));
        }
        catch (SimulatedCrash)
        {
            // As planned; a start that needs fewer operations is over before it.
            return;
        }
    }

    static void Check(SimulatedDisk disk, Oracle oracle, string context)
    {
        var (scheduler, store) = Open(disk, new Random(1));
        var found = scheduler.Run(async () =>
        {
            var spans = new List<(SpanBatch, int)>();
            await foreach (var batch in store.ScanAsync(TimeRange.All, default, new TraceId(ulong.MaxValue, ulong.MaxValue), default))
                spans.AddRange(Batches.Rows(batch));
            return spans;
        });
        oracle.Check(found, context);
        Assert.True(store.Statistics.Damage.Count == 0, $"{context}: {string.Join(' ', store.Statistics.Damage)}");
    }

    static (SeededScheduler Scheduler, TraceStore Store) Open(SimulatedDisk disk, Random random)
    {
        var scheduler = new SeededScheduler(random);
        return (scheduler, TraceStore.Open(Options, disk.NewProcess(), new ManualTime(), new StoreThreads(scheduler, scheduler, scheduler), _ => { }, default));
    }
}
