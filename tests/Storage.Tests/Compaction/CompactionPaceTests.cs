using Clew.Storage.Compaction;
using Clew.Storage.Tests.Simulation;

namespace Clew.Storage.Tests.Compaction;

/// <summary>Merging keeps to its bound of bytes per second, however much it does at once.</summary>
public sealed class CompactionPaceTests
{
    readonly ManualTime _time = new();
    readonly SeededScheduler _scheduler = new(new Random(1));

    [Fact]
    public void Bytes_spent_at_once_are_rested_for_in_full()
    {
        var pace = Begin(bytes: 1_600);
        Assert.Equal(16, SecondsOf(Rest(pace)));
        pace.Spend(100);
        Assert.Equal(1, SecondsOf(Rest(pace)));
    }

    [Fact]
    public void A_rest_gets_longer_when_spans_begin_to_arrive_in_the_middle_of_it()
    {
        var isBusy = false;
        var rest = Rest(Begin(bytes: 1_000, () => isBusy));
        isBusy = true;
        Assert.Equal(40, SecondsOf(rest));
    }

    [Fact]
    public void A_long_rest_can_be_given_up()
    {
        using var closing = new CancellationTokenSource();
        var rest = Rest(Begin(bytes: 100_000), closing.Token);
        Advance();
        Advance();
        Assert.False(rest.IsCompleted);
        closing.Cancel();
        _scheduler.RunUntilIdle();
        Assert.True(rest.IsCanceled);
    }

    CompactionPace Begin(long bytes, Func<bool>? isBusy = null)
    {
        var pace = new CompactionPace(new CompactionOptions { BytesPerSecondMax = 100 }, _time) { IsIngestBusy = isBusy ?? (() => false) };
        pace.Begin();
        pace.Spend(bytes);
        return pace;
    }

    Task<bool> Rest(CompactionPace pace, CancellationToken cancellation = default)
    {
        var rest = _scheduler.Start(async () =>
        {
            await pace.RestAsync(cancellation);
            return true;
        });
        _scheduler.RunUntilIdle();
        return rest;
    }

    int SecondsOf(Task<bool> rest)
    {
        var seconds = 0;
        for (; !rest.IsCompleted && seconds < 100; seconds++)
            Advance();
        return seconds;
    }

    void Advance()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        _scheduler.RunUntilIdle();
    }
}
