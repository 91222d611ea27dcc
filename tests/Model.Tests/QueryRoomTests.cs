namespace Clew.Model.Tests;

public sealed class QueryRoomTests
{
    const long Step = QueryRoom.StepBytes;

    [Fact]
    public void Room_comes_out_of_the_memory_of_all_in_steps_and_goes_back_once()
    {
        var memory = new QueryMemory(4 * Step);
        var room = new QueryRoom(8 * Step, memory);
        Assert.Equal(0, memory.Bytes);
        Assert.Equal(ReadLimit.None, room.Take(1));
        Assert.Equal((1, Step), (room.Bytes, memory.Bytes));
        Assert.Equal(ReadLimit.None, room.Take(2 * Step));
        Assert.Equal(3 * Step, memory.Bytes);
        room.Give(2 * Step);
        Assert.Equal((1, 3 * Step), (room.Bytes, memory.Bytes));
        room.Dispose();
        room.Dispose();
        Assert.Equal(0, memory.Bytes);
        Assert.Equal(ReadLimit.TotalMemory, room.Take(Step));
        Assert.Equal(0, memory.Bytes);
    }

    [Fact]
    public void The_bound_that_is_exceeded_is_named_and_what_is_only_tried_is_not_taken()
    {
        var memory = new QueryMemory(4 * Step);
        using var other = new QueryRoom(long.MaxValue, memory);
        using var room = new QueryRoom(2 * Step, memory);
        Assert.Equal(ReadLimit.Memory, room.TryTake(2 * Step + 1));
        Assert.Equal(0, room.Bytes);
        Assert.Equal(ReadLimit.None, room.TryTake(2 * Step));
        Assert.Equal(ReadLimit.None, other.TryTake(2 * Step));
        Assert.Equal(ReadLimit.TotalMemory, other.TryTake(1));
        Assert.Equal(2 * Step, other.Bytes);
        room.Dispose();
        Assert.Equal(ReadLimit.None, other.TryTake(1));
        // More than there is for all is not a matter of waiting.
        Assert.Equal(ReadLimit.Memory, other.TryTake(2 * Step));
    }

    [Fact]
    public void However_many_queries_take_and_give_the_bounds_hold_and_nothing_is_left()
    {
        const int Seed = 7;
        var memory = new QueryMemory(40 * Step);
        var held = 0L;
        Parallel.For(0, 200, query =>
        {
            var random = new Random((Seed * 1_000) + query);
            using var room = new QueryRoom(random.Next(1, 12) * Step, memory);
            Parallel.For(0, 4, thread =>
            {
                var choices = new Random((query * 4) + thread);
                for (var round = 0; round < 100; round++)
                {
                    var bytes = choices.NextInt64(2 * Step);
                    if (room.TryTake(bytes) != ReadLimit.None)
                        continue;
                    Assert.InRange(Interlocked.Add(ref held, bytes), 0, memory.BytesMax);
                    Interlocked.Add(ref held, -bytes);
                    room.Give(bytes);
                }
            });
        });
        Assert.Equal(0, memory.Bytes);
    }
}
