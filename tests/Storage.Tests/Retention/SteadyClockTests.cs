using Clew.Storage.Retention;
using Clew.Storage.Tests.Simulation;

namespace Clew.Storage.Tests.Retention;

public sealed class SteadyClockTests
{
    readonly ManualTime _time = new();
    readonly List<StorageEvent> _events = [];

    [Fact]
    public void A_clock_that_goes_as_the_count_of_time_does_is_trusted_however_long_nobody_looked()
    {
        var clock = new SteadyClock(_time, "a folder", _events.Add);
        _time.Advance(TimeSpan.FromDays(30));
        Assert.True(clock.TryRead(out var now));
        Assert.Equal(_time.GetUtcNow(), now);
        Assert.Empty(_events);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    public void A_clock_that_was_set_is_not_trusted_for_some_hours(int hours)
    {
        var clock = new SteadyClock(_time, "a folder", _events.Add);
        _time.Jump(TimeSpan.FromHours(hours));
        Assert.False(clock.TryRead(out _));
        Assert.Contains("the clock jumped from 2026-01-01 00:00:00Z", Assert.Single(_events).Message, StringComparison.Ordinal);
        _time.Advance(SteadyClock.Hold - TimeSpan.FromSeconds(1));
        Assert.False(clock.TryRead(out _));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(clock.TryRead(out _));
        Assert.Single(_events);
    }

    [Fact]
    public void A_thread_that_was_held_up_between_clock_and_count_has_seen_no_jump()
    {
        var time = new HeldUpTime(_time);
        var clock = new SteadyClock(time, "a folder", _events.Add);
        foreach (var held in (HeldUp[])[HeldUp.BeforeClock, HeldUp.AfterClock, HeldUp.No, HeldUp.AfterClock, HeldUp.BeforeClock])
        {
            time.Next = held;
            Assert.True(clock.TryRead(out _));
        }

        Assert.Empty(_events);
    }

    enum HeldUp
    {
        No,
        BeforeClock,
        AfterClock,
    }

    /// <summary>A clock at which whoever reads it is held up for days before or after.</summary>
    sealed class HeldUpTime(ManualTime time) : TimeProvider
    {
        public HeldUp Next { get; set; }

        public override long TimestampFrequency => time.TimestampFrequency;

        public override long GetTimestamp() => time.GetTimestamp();

        public override DateTimeOffset GetUtcNow()
        {
            if (Next == HeldUp.BeforeClock)
                time.Advance(TimeSpan.FromDays(3));
            var now = time.GetUtcNow();
            if (Next == HeldUp.AfterClock)
                time.Advance(TimeSpan.FromDays(3));
            return now;
        }
    }
}
