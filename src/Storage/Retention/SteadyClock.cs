using System.Globalization;

namespace Clew.Storage.Retention;

/// <summary>Tells whether the clock of the machine can be trusted with deleting: a step of it makes spans old that arrived a minute ago.</summary>
/// <remarks>
/// The clock should go as far as the machine's count of time does. A machine without a battery starts in 1970 until the network tells it better; a bad answer takes it to 2099.
/// Which of the two times is the wrong one cannot be known here, so both ways wait: for the clock to be set right again, or for somebody to read the message. A machine that
/// slept is taken for one that jumped, because its count stands still meanwhile; therefore the wait is hours, not days.
/// </remarks>
internal sealed class SteadyClock(TimeProvider time, string path, Action<StorageEvent> report)
{
    /// <summary>How far clock and count may part between two looks.</summary>
    public static readonly TimeSpan JumpMin = TimeSpan.FromHours(1);

    /// <summary>How long after a jump the clock is not trusted.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromHours(6);

    Look _last = Look.At(time);
    long? _jumpedAt;

    /// <summary>Looks at the clock, which is to be done often.</summary>
    /// <param name="now">What it says.</param>
    /// <returns>Whether it has gone evenly for so long that it can be relied on.</returns>
    public bool TryRead(out DateTimeOffset now)
    {
        var look = Look.At(time);
        now = look.Clock;
        var earliest = _last.Clock + time.GetElapsedTime(_last.After, look.Before);
        var latest = _last.Clock + time.GetElapsedTime(_last.Before, look.After);
        if (now < earliest - JumpMin || now > latest + JumpMin)
        {
            var expected = now < earliest ? earliest : latest;
            _jumpedAt = look.After;
            report(new StorageEvent(StorageEventLevel.Warning, string.Create(
                CultureInfo.InvariantCulture,
                $"{path}: the clock jumped from {expected:u} to {now:u}. No spans are removed for their age in the next {Hold.TotalHours} hours. If the new time is wrong, set the "
                + $"clock right before then. If the old one was, spans that arrived under it count as that old: export them, or raise storage.retention.cold_until.")));
        }
        else if (_jumpedAt is { } jumpedAt && time.GetElapsedTime(jumpedAt, look.After) >= Hold)
        {
            _jumpedAt = null;
        }

        _last = look;
        return _jumpedAt is null;
    }

    /// <summary>What the clock said, and the count of time before and after it: however long a thread waits between them, that is no jump.</summary>
    readonly record struct Look(long Before, DateTimeOffset Clock, long After)
    {
        public static Look At(TimeProvider time)
        {
            var before = time.GetTimestamp();
            var clock = time.GetUtcNow();
            return new Look(before, clock, time.GetTimestamp());
        }
    }
}
