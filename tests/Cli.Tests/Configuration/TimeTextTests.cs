using Clew.Cli.Commands;
using Clew.Model;

namespace Clew.Cli.Tests.Configuration;

public sealed class TimeTextTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("now", "2026-11-28T12:00:00Z")]
    [InlineData("now-15m", "2026-11-28T11:45:00Z")]
    [InlineData("now+1h30m", "2026-11-28T13:30:00Z")]
    [InlineData("15m", "2026-11-28T11:45:00Z")]
    [InlineData("7d", "2026-11-21T12:00:00Z")]
    [InlineData("2026-01-02", "2026-01-02T00:00:00Z")]
    [InlineData("2026-01-02T03:04", "2026-01-02T03:04:00Z")]
    [InlineData("2026-01-02 03:04:05", "2026-01-02T03:04:05Z")]
    [InlineData("2026-01-02T03:04:05.25+01:00", "2026-01-02T02:04:05.25Z")]
    [InlineData("1767323045000000000", "2026-01-02T03:04:05Z")]
    [InlineData("now-900000d", "1970-01-01T00:00:00Z")]
    public void A_time_is_read_as_it_is_written(string text, string expected)
    {
        Assert.True(TimeText.TryParse(text, Now, out var time));
        Assert.Equal(UnixNanos.From(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture)), time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("noon")]
    [InlineData("03:04")]
    [InlineData("now-")]
    [InlineData("now15m")]
    [InlineData("1767323045")]
    [InlineData("2026-13-02")]
    public void Anything_else_is_none(string text) => Assert.False(TimeText.TryParse(text, Now, out _));

    [Theory]
    [InlineData(3_600, 200, "30s")]
    [InlineData(86_400, 200, "10m")]
    [InlineData(0, 200, "1ms")]
    [InlineData(100_000_000, 100, "720h")]
    public void Steps_are_round_and_no_more_than_there_is_room_for(int seconds, int count, string expected) =>
        Assert.Equal(expected, ChartStep.For(new TimeRange(new UnixNanos(0), new UnixNanos((ulong)seconds * 1_000_000_000)), count));
}
