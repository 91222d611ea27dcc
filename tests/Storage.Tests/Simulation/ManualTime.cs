namespace Clew.Storage.Tests.Simulation;

/// <summary>A clock that stands still until it is moved.</summary>
internal sealed class ManualTime : TimeProvider
{
    readonly List<ManualTimer> _timers = [];
    DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    TimeSpan _jumped;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now + _jumped;

    public override long GetTimestamp() => _now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state) { Due = _now + dueTime, Period = period };
        _timers.Add(timer);
        return timer;
    }

    /// <summary>Moves on, and calls every timer that is due once.</summary>
    public void Advance(TimeSpan step)
    {
        _now += step;
        foreach (var timer in _timers.ToArray())
            timer.FireIfDue(_now);
    }

    /// <summary>Sets the clock, as an administrator or the network does: no time passes.</summary>
    public void Jump(TimeSpan step) => _jumped += step;

    sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; set; }

        public void FireIfDue(DateTimeOffset now)
        {
            if (now < Due)
                return;
            Due = now + Period;
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = time._now + dueTime;
            Period = period;
            return true;
        }

        public void Dispose() => time._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
