namespace Clew.Collector.Tests;

public sealed class IngestBudgetTests
{
    [Fact]
    public void Room_is_taken_until_there_is_none_and_given_back_once()
    {
        var budget = new IngestBudget(bytesMax: 100, requestsMax: 2);
        var first = budget.TryEnter()!;
        var second = budget.TryEnter()!;
        Assert.Null(budget.TryEnter());
        Assert.True(first.TryTake(60));
        Assert.True(budget.HasRoomFor(40));
        Assert.False(second.TryTake(41));
        Assert.Equal((60, 0), (first.Bytes, second.Bytes));
        Assert.True(second.TryTake(40));
        Assert.False(budget.HasRoomFor(1));
        first.Give(10);
        Assert.Equal((50, 90), (first.Bytes, budget.Bytes));
        first.Dispose();
        first.Dispose();
        Assert.Equal((1, 40), (budget.Requests, budget.Bytes));
        second.Dispose();
        Assert.Equal((0, 0), (budget.Requests, budget.Bytes));
    }

    [Fact]
    public void A_claim_larger_than_any_number_of_bytes_does_not_overflow()
    {
        var budget = new IngestBudget(bytesMax: 100, requestsMax: 1);
        using var room = budget.TryEnter()!;
        Assert.False(budget.HasRoomFor(long.MaxValue));
        Assert.False(room.TryTake(long.MaxValue - 1));
        Assert.Equal(0, budget.Bytes);
    }

    [Fact]
    public void However_many_threads_take_and_give_the_bounds_hold_and_nothing_is_left()
    {
        const int RequestsMax = 4;
        const long BytesMax = 1_000;
        var budget = new IngestBudget(BytesMax, RequestsMax);
        long held = 0, requests = 0;
        Parallel.For(0, 20_000, round =>
        {
            using var room = budget.TryEnter();
            if (room is null)
                return;
            Assert.InRange(Interlocked.Increment(ref requests), 1, RequestsMax);
            var bytes = (round % 7 * 100) + 1;
            if (room.TryTake(bytes))
            {
                Assert.InRange(Interlocked.Add(ref held, bytes), 1, BytesMax);
                Interlocked.Add(ref held, -bytes);
            }

            Interlocked.Decrement(ref requests);
        });
        Assert.Equal((0, 0), (budget.Requests, budget.Bytes));
    }
}
