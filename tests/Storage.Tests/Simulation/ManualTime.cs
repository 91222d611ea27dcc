namespace Clew.Storage.Tests.Simulation;

/// <summary>A clock that stands still until it is moved. Any thread may look at it and wait for it.</summary>
internal sealed class ManualTime : TimeProvider
{
    readonly Lock _lock = new();
    readonly List<ManualTimer> _timers = [];
    DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    TimeSpan _jumped;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now + _jumped;
    }

    public override long GetTimestamp()
    {
        lock (_lock)
            return _now.UtcTicks;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_lock)
            _timers.Add(timer);
        return timer;
    }

    /// <summary>Moves on, and calls every timer that is due once.</summary>
    public void Advance(TimeSpan step)
    {
        List<ManualTimer> due = [];
        lock (_lock)
        {
            _now += step;
            foreach (var timer in _timers)
            {
                if (timer.Due > _now)
                    continue;
                timer.Due = Later(timer.Period);
                due.Add(timer);
            }
        }

        // Outside of the lock: who is woken may go on right here, and wait for the next time.
        foreach (var timer in due)
            timer.Call();
    }

    /// <summary>Sets the clock, as an administrator or the network does: no time passes.</summary>
    public void Jump(TimeSpan step)
    {
        lock (_lock)
            _jumped += step;
    }

    DateTimeOffset Later(TimeSpan wait) => wait == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : _now + wait;

    sealed class ManualTimer(ManualTime time, Action call) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; }

        public Action Call => call;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
                (Due, Period) = (time.Later(dueTime), period);
            return true;
        }

        public void Dispose()
        {
            lock (time._lock)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
