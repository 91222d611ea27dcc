using Clew.Model;
using Clew.Storage.Columns;
using Clew.Storage.Files;
using Clew.Storage.Segments;

namespace Clew.Storage.Tests;

/// <summary>What becomes of a store whose segments do not turn into blocks as they should.</summary>
public sealed class SealingTests
{
    static readonly StorageOptions Options = new() { SegmentBytesMax = 64 << 10, RowGroupRows = 64 };

    [Fact]
    public async Task A_bug_while_sealing_is_named_as_trouble_and_ends_neither_the_store_nor_sealing()
    {
        using var temporary = new TemporaryFolder();
        var isBroken = true;
        var folder = new HinderedFolder(temporary.Path)
        {
            Before = (verb, name) =>
            {
                if (isBroken && verb == "create" && name.Contains("block", StringComparison.Ordinal))
                    throw new InvalidOperationException("a bug that the test made");
            },
        };
        var time = new Simulation.ManualTime();
        await using (var store = Open(folder, time))
        {
            await FillAsync(store);
            await Deadline.UntilAsync(() => store.Statistics.Trouble.Contains("a bug that the test made", StringComparison.Ordinal), "trouble");
            Assert.Equal(AppendOutcome.Stored, (await store.AppendAsync(Batches.Random(1), default)).Outcome);
            isBroken = false;
            await Deadline.UntilAsync(
                () =>
                {
                    time.Advance(TimeSpan.FromSeconds(1));
                    return store.Statistics is { BlockCount: > 0, Trouble: "" };
                },
                "sealing after the bug is gone");
        }

        await using var reopened = Open(folder, time);
        Assert.Empty(reopened.Statistics.Damage);
    }

    [Fact]
    public async Task A_segment_without_a_span_does_not_stand_in_the_way_of_sealing()
    {
        using var temporary = new TemporaryFolder();
        using (var writer = SegmentWriter.Create(DiskFolder.OpenOrCreate(temporary.Path), 1, new UnixNanos(1), 64 << 10))
        using (var record = new ByteWriter())
        {
            SegmentWriter.BeginRecord(record);
            BatchRecord.Encode(new SpanBatch(), record);
            writer.Append([record]);
            writer.Flush();
            writer.Finish();
        }

        await using var store = await TraceStore.OpenAsync(Options, temporary.Path, TimeProvider.System);
        await FillAsync(store);
        await Deadline.UntilAsync(() => store.Statistics.BlockCount > 0, "sealing");
        Assert.Equal("", store.Statistics.Trouble);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(ulong.MaxValue, 0)]
    [InlineData(15_749_430_181_096_403_911, 1_700_000_000_000_492_981)]
    [InlineData(0, ulong.MaxValue)]
    public void A_sealed_span_that_ends_before_it_starts_has_no_duration_however_far_apart_they_are(ulong start, ulong end)
    {
        var batch = Batches.Random(seed: 1);
        batch.Spans.Starts.Writable.Fill(new UnixNanos(start));
        batch.Spans.Ends.Writable.Fill(new UnixNanos(end));
        // Bounds of the row group decide nothing when there is another one.
        (batch.Spans.Starts.Writable[0], batch.Spans.Ends.Writable[0]) = (new UnixNanos(1_000), new UnixNanos(2_000));
        var (scheduler, time) = (new Simulation.SeededScheduler(new Random(1)), new Simulation.ManualTime());
        var disk = new Simulation.SimulatedDisk(new Random(1));
        var store = TraceStore.Open(Options, disk.NewProcess(), time, new StoreThreads(scheduler, scheduler, scheduler), _ => { }, default);
        scheduler.Run(() => store.AppendAsync(Batches.Rented(batch), default).AsTask());
        time.Advance(Options.SegmentAgeMax);
        scheduler.RunUntilIdle();
        Assert.Equal(1, store.Statistics.BlockCount);
        foreach (var (nanosMin, nanosMax) in (ReadOnlySpan<(ulong, ulong)>)[(1, ulong.MaxValue), (0, 0), (1_000, 1_000), (1_001, ulong.MaxValue)])
        {
            var selection = new SpanSelection(TimeRange.All, [new SpanCondition.DurationBetween(nanosMin, nanosMax)]);
            Assert.Equal(Selections.Newest([batch], selection, int.MaxValue), scheduler.Run(() => store.FindTracesAsync(selection, 100, default).AsTask()));
        }
    }

    [Fact]
    public async Task Traces_looked_up_together_are_those_looked_up_one_by_one_in_the_order_asked_for()
    {
        using var temporary = new TemporaryFolder();
        await using var store = await TraceStore.OpenAsync(Options, temporary.Path, TimeProvider.System);
        await FillAsync(store);
        await Deadline.UntilAsync(() => store.Statistics.BlockCount > 0, "sealing");
        TraceId[] ids = [.. Enumerable.Range(0, 8).Reverse().Select(Batches.Trace), new TraceId(1, 1), Batches.Trace(3)];
        var together = await store.FindTracesAsync(ids, default);
        Assert.Equal(ids.Length, together.Count);
        for (var at = 0; at < ids.Length; at++)
        {
            var alone = await store.FindTraceAsync(ids[at], default);
            Assert.Equal(alone is null, together[at] is null);
            if (alone is not null)
                Assert.True(Batches.Same(alone, together[at]!), $"trace {ids[at]}");
        }

        Assert.Null(together[8]);
    }

    static TraceStore Open(IStorageFolder folder, TimeProvider time) =>
        TraceStore.Open(Options, folder, time, StoreThreads.Dedicated(), _ => { }, default);

    static async Task FillAsync(TraceStore store)
    {
        for (var seed = 0; seed < 40; seed++)
            Assert.Equal(AppendOutcome.Stored, (await store.AppendAsync(Batches.Random(seed), default)).Outcome);
    }
}
