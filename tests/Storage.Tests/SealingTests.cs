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
