namespace Clew.Model.Tests;

public sealed class RentedBatchTests
{
    [Fact]
    public void Batches_that_many_threads_rent_and_release_never_see_each_others_content()
    {
        Parallel.For(0, 64, seed =>
        {
            var random = new Random(seed);
            var held = new Queue<(SpanBatch Rented, SpanBatch Original)>();
            for (var turn = 0; turn < 60; turn++)
            {
                var original = new RandomBatches(seed * 1_000 + turn).Next(random.Next(1, 80));
                var rented = SpanBatch.Rent();
                new SpanCopier(rented).CopyAll(original);
                if (random.Next(2) == 0)
                    rented.Trim();
                held.Enqueue((rented, original));
                if (held.Count > random.Next(6))
                    CheckAndRelease(held.Dequeue(), $"seed {seed}, turn {turn}");
                if (random.Next(20) == 0)
                    ColumnMemory.Trim();
            }

            while (held.TryDequeue(out var last))
                CheckAndRelease(last, $"seed {seed}, at the end");
        });
    }

    [Fact]
    public void A_batch_that_was_rented_again_is_empty()
    {
        var before = SpanBatch.Rent();
        new SpanCopier(before).CopyAll(new RandomBatches(3).Next());
        before.Strings.Intern("left over");
        before.Release();

        // Others may rent meanwhile: any batch that comes must be empty.
        var rented = Enumerable.Range(0, 50).Select(_ => SpanBatch.Rent()).ToList();
        foreach (var batch in rented)
        {
            Assert.Equal((0, 0, 0, 0, 0, 0), (batch.SpanCount, batch.Resources.Count, batch.Scopes.Count, batch.Events.Count, batch.Links.Count, batch.Nested.Count));
            Assert.Equal(1, batch.Strings.Count);
            Assert.False(batch.Strings.TryFind("left over", out _));
            batch.Release();
        }
    }

    [Fact]
    public void Releasing_twice_is_a_bug_that_is_noticed()
    {
        var batch = new SpanBatch();
        batch.Release();
        batch.Release();

        var rented = SpanBatch.Rent();
        rented.Release();
        Assert.Throws<InvalidOperationException>(rented.Release);
    }

    [Fact]
    public void Memory_that_no_one_needed_for_a_while_is_given_up()
    {
        const int Rows = 3_000_000;
        var batch = SpanBatch.Rent();
        batch.Reserve(Rows);
        batch.Release();
        Assert.InRange(ColumnMemory.IdleBytes, Rows * 16L, long.MaxValue);
        ColumnMemory.Trim();
        ColumnMemory.Trim();
        Assert.InRange(ColumnMemory.IdleBytes, 0, Rows * 16L - 1);
    }

    static void CheckAndRelease((SpanBatch Rented, SpanBatch Original) pair, string context)
    {
        Assert.Equal(pair.Original.SpanCount, pair.Rented.SpanCount);
        for (var row = 0; row < pair.Original.SpanCount; row++)
            Assert.True(BatchEquality.SameSpan(pair.Original, row, pair.Rented, row), $"{context}, row {row}");
        pair.Rented.Release();
    }
}
