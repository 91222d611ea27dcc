using Clew.Storage.Reading;

namespace Clew.Storage.Tests.Reading;

public sealed class ReadTurnsTests
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_query_that_has_help_gives_it_up_for_one_that_has_no_turn()
    {
        var turns = new ReadTurns(2, TaskScheduler.Default);
        await turns.TakeAsync(default);
        var isOver = false;
        var first = Task.Run(() => turns.ShareAsync(() => !Volatile.Read(ref isOver)));
        await Deadline.UntilAsync(() => turns.HelperCount > 0, "help");
        for (var query = 0; query < 10; query++)
        {
            await turns.TakeAsync(default).WaitAsync(Soon);
            Assert.False(first.IsCompleted);
            turns.Return();
        }

        Volatile.Write(ref isOver, true);
        await first.WaitAsync(Soon);
    }

    [Fact]
    public async Task What_a_helper_leaves_for_a_query_that_has_no_turn_is_done_all_the_same()
    {
        using var named = new NamedThreads();
        using var isTurnedAway = new ManualResetEventSlim();
        var turns = new ReadTurns(2, named);
        await turns.TakeAsync(default);
        var (isOpening, left) = (false, 0);
        var other = Task.CompletedTask;
        await turns.ShareAsync(() => NamedThreads.IsCurrent ? Help() : Work()).WaitAsync(Soon);
        Assert.Equal(0, left);
        await other.WaitAsync(Soon);

        // Opens the only block while the query itself is told that there is nothing, and is then asked for its turn.
        bool Help()
        {
            if (!Volatile.Read(ref isOpening))
            {
                Volatile.Write(ref isOpening, true);
                Assert.True(isTurnedAway.Wait(Soon));
                other = turns.TakeAsync(default);
                Volatile.Write(ref left, 10);
            }

            Interlocked.Decrement(ref left);
            return true;
        }

        bool Work()
        {
            if (!Volatile.Read(ref isOpening))
                return true;
            if (Volatile.Read(ref left) > 0)
                return Interlocked.Decrement(ref left) > 0;
            isTurnedAway.Set();
            return false;
        }
    }

    [Fact]
    public async Task All_threads_are_done_when_the_work_is()
    {
        var turns = new ReadTurns(4, TaskScheduler.Default);
        await turns.TakeAsync(default);
        for (var round = 0; round < 200; round++)
        {
            var (left, working) = (50, 0);
            await turns.ShareAsync(() =>
            {
                Interlocked.Increment(ref working);
                var more = Interlocked.Decrement(ref left) > 0;
                Interlocked.Decrement(ref working);
                return more;
            });
            Assert.True(left <= 0);
            Assert.Equal(0, working);
        }

        Assert.True(turns.HelperCount > 0);
        // None of the turns is lost.
        for (var turn = 0; turn < 3; turn++)
            await turns.TakeAsync(default).WaitAsync(Soon);
    }

    [Fact]
    public async Task What_fails_one_thread_fails_the_query_and_costs_no_turn()
    {
        var turns = new ReadTurns(2, TaskScheduler.Default);
        await turns.TakeAsync(default);
        for (var round = 0; round < 100; round++)
        {
            var (before, failures) = (turns.HelperCount, 0);
            var query = turns.ShareAsync(() =>
            {
                if (turns.HelperCount > before && Interlocked.Exchange(ref failures, 1) == 0)
                    throw new IOException("the test says so");
                return Volatile.Read(ref failures) == 0;
            });
            await Assert.ThrowsAsync<IOException>(() => query.WaitAsync(Soon));
        }

        await turns.TakeAsync(default).WaitAsync(Soon);
    }

    [Fact]
    public async Task Nobody_helps_while_all_turns_are_taken()
    {
        var turns = new ReadTurns(2, TaskScheduler.Default);
        await turns.TakeAsync(default);
        await turns.TakeAsync(default);
        var left = 1_000;
        await turns.ShareAsync(() => --left > 0);
        Assert.Equal(0, turns.HelperCount);
    }
}
