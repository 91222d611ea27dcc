namespace Clew.Model.Tests;

public sealed class Rfc3339Tests
{
    [Theory]
    [InlineData("1970-01-01T00:00:00Z", 0)]
    [InlineData("2023-11-14T22:13:20Z", 1_700_000_000_000_000_000)]
    [InlineData("2023-11-14T22:13:20z", 1_700_000_000_000_000_000)]
    [InlineData("2023-11-14T23:13:20+01:00", 1_700_000_000_000_000_000)]
    [InlineData("2023-11-14T16:43:20-05:30", 1_700_000_000_000_000_000)]
    [InlineData("2023-11-14T22:13:20.5Z", 1_700_000_000_500_000_000)]
    [InlineData("2023-11-14T22:13:20.123456789Z", 1_700_000_000_123_456_789)]
    [InlineData("2023-11-14T22:13:20.1234567899+00:00", 1_700_000_000_123_456_789)]
    [InlineData("1969-12-31T23:59:59.999Z", 0)]
    [InlineData("9999-12-31T23:59:59Z", ulong.MaxValue)]
    public void Text_becomes_nanoseconds(string text, ulong nanos)
    {
        Assert.True(Rfc3339.TryParse(text, out var time));
        Assert.Equal(nanos, time.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1700000000")]
    [InlineData("2023-11-14")]
    [InlineData("2023-11-14T22:13:20")]
    [InlineData("2023-11-14T22:13:20.Z")]
    [InlineData("2023-11-14T22:13:20.5")]
    [InlineData("2023-11-14 22:13:20Z")]
    [InlineData("2023-11-14T22:13Z")]
    [InlineData("2023-02-30T22:13:20Z")]
    [InlineData("2023-11-14T25:13:20Z")]
    [InlineData("2023-11-14T22:13:20+1")]
    [InlineData("2023-11-14T22:13:20Zulu")]
    public void What_is_no_time_with_date_and_zone_is_refused(string? text) => Assert.False(Rfc3339.TryParse(text, out _));
}
