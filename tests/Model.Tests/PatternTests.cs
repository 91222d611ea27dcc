using System.Text.RegularExpressions;

namespace Clew.Model.Tests;

/// <summary>A pattern is asked of very many texts, and ends with the query that asks.</summary>
public sealed class PatternTests
{
    static readonly TextTest.Like Like = new(new Regex("^.*$", RegexOptions.NonBacktracking));

    [Fact]
    public void A_query_that_is_cancelled_ends_within_some_kilobytes_of_text()
    {
        using var asked = new CancellationTokenSource();
        var meter = new ReadMeter(long.MaxValue, Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation: asked.Token);
        var like = Like with { Meter = meter };
        Assert.True(Enumerable.Range(0, 1_000).All(_ => like.Holds("some text"u8)));
        asked.Cancel();
        var asks = 0;
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            for (; asks < 1_000; asks++)
                like.Holds("some text"u8);
        });
        Assert.InRange(asks, 0, 50);
        Assert.ThrowsAny<OperationCanceledException>(() => like.Holds(new byte[2_000]));
    }

    [Fact]
    public void When_time_is_up_the_rest_does_not_hold_and_the_clock_is_looked_at_now_and_then()
    {
        var clock = new Clock();
        var like = Like with { Meter = new ReadMeter(long.MaxValue, TimeSpan.FromSeconds(10), clock) };
        var held = Enumerable.Range(0, 10_000).Count(_ => like.Holds("some text"u8));
        Assert.Equal(ReadLimit.Time, like.Meter!.Spent);
        Assert.InRange(held, 300, 500);
        Assert.InRange(clock.LookCount, 10, 12);
        Assert.False(like.Holds(new byte[2_000]));
    }

    [Fact]
    public void What_is_asked_is_the_same_whoever_asks()
    {
        Assert.Equal(Like, Like with { Meter = ReadMeter.Unlimited() });
        Assert.True(Like.Holds("some text"u8));
    }

    /// <summary>Goes on by a second whenever it is looked at.</summary>
    sealed class Clock : TimeProvider
    {
        public int LookCount { get; private set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => ++LookCount;
    }
}
