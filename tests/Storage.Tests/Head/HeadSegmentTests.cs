using Clew.Model;
using Clew.Storage.Head;

namespace Clew.Storage.Tests.Head;

public sealed class HeadSegmentTests
{
    [Fact]
    public void Small_batches_become_few_without_a_span_lost_or_out_of_order()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var segment = new HeadSegment(1, default);
            var added = new List<SpanBatch>();
            for (var turn = 0; turn < 300; turn++)
            {
                var batch = Batches.Random(seed * 1_000 + turn, spanCountMax: random.Next(8) == 0 ? 600 : 3);
                added.Add(batch);
                segment.Add(new HeadBatch(Batches.Rented(batch)));
            }

            AssertSame(added, segment, $"seed {seed}");
            Assert.Equal(added.Sum(batch => batch.SpanCount), segment.SpanCount);
            segment.Release();
        }
    }

    [Fact]
    public void A_thousand_batches_of_one_span_take_a_tenth_of_their_memory_and_list_their_operations()
    {
        var segment = new HeadSegment(1, default);
        var (alone, expected) = (0L, new HashSet<ServiceOperation>());
        for (var seed = 0; seed < 1_024; seed++)
        {
            var batch = new HeadBatch(Batches.Rented(Batches.Random(seed, spanCountMax: 1)));
            alone += batch.MemoryBytes;
            expected.UnionWith(ServiceOperation.AllOf(batch.Batch));
            segment.Add(batch);
        }

        Assert.InRange(segment.Batches.Length, 1, 16);
        Assert.InRange(segment.MemoryBytes, 1, alone / 10);
        Assert.Equal(segment.Batches.ToArray().Sum(batch => batch.MemoryBytes), segment.MemoryBytes);
        Assert.True(expected.SetEquals(segment.Batches.ToArray().SelectMany(batch => batch.TakeOperations())));
    }

    [Fact]
    public void Who_holds_on_to_a_segment_can_read_what_was_there_although_it_is_merged_and_let_go_meanwhile()
    {
        var segment = new HeadSegment(1, default);
        var added = new List<SpanBatch>();
        for (var seed = 0; seed < 15; seed++)
            Add(seed);
        Assert.True(segment.TryAcquire());
        var before = segment.Batches;
        for (var seed = 15; seed < 40; seed++)
            Add(seed);
        segment.Release();

        // Whoever rents now must not get what is still read.
        var others = Enumerable.Range(100, 50).Select(seed => Batches.Rented(Batches.Random(seed))).ToList();
        Assert.Equal(15, before.Length);
        for (var at = 0; at < before.Length; at++)
            Assert.True(Batches.Same(added[at], before[at].Batch), $"batch {at}");
        AssertSame(added, segment, "after the store let go");
        segment.Release();
        Assert.False(segment.TryAcquire());
        others.ForEach(other => other.Release());

        void Add(int seed)
        {
            added.Add(Batches.Random(seed, spanCountMax: 4));
            segment.Add(new HeadBatch(Batches.Rented(added[^1])));
        }
    }

    [Fact]
    public async Task Queries_see_whole_batches_in_order_while_others_are_added_and_merged()
    {
        var segment = new HeadSegment(1, default);
        var added = Enumerable.Range(0, 3_000).Select(seed => Batches.Random(seed, spanCountMax: 2)).ToList();
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            var looks = 0;
            do
            {
                Assert.True(segment.TryAcquire());
                AssertSame(added, segment, $"look {looks++}", isPrefix: true);
                segment.Release();
            }
            while (!done.IsCancellationRequested);
        })).ToList();
        foreach (var batch in added)
            segment.Add(new HeadBatch(Batches.Rented(batch)));
        await done.CancelAsync();
        await Task.WhenAll(readers);
        AssertSame(added, segment, "at the end");
    }

    static void AssertSame(List<SpanBatch> expected, HeadSegment segment, string context, bool isPrefix = false)
    {
        var rows = expected.SelectMany(Batches.Rows).ToList();
        var at = 0;
        foreach (var head in segment.Batches)
        {
            for (var row = 0; row < head.Batch.SpanCount; row++, at++)
                Assert.True(BatchEquality.SameSpan(rows[at].Batch, rows[at].Row, head.Batch, row), $"{context}, span {at}");
        }

        Assert.True(isPrefix || at == rows.Count, $"{context}: {at} of {rows.Count} spans");
    }
}
