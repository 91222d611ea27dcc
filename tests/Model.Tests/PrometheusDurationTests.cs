namespace Clew.Model.Tests;

public sealed class PrometheusDurationTests
{
    [Theory]
    [InlineData("0s", 0)]
    [InlineData("250ms", 250_000_000)]
    [InlineData("90s", 90_000_000_000)]
    [InlineData("1h30m", 5_400_000_000_000)]
    [InlineData("1d12h", 129_600_000_000_000)]
    [InlineData("2w", 1_209_600_000_000_000)]
    [InlineData("1y1w1d1h1m1s1ms", 32_230_861_001_000_000)]
    public void Text_becomes_nanoseconds(string text, long nanos)
    {
        Assert.True(PrometheusDuration.TryParse(text, out var parsed));
        Assert.Equal((ulong)nanos, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("d")]
    [InlineData("1.5h")]
    [InlineData("-1d")]
    [InlineData("1 d")]
    [InlineData("1D")]
    [InlineData("12h1d")]
    [InlineData("1d1d")]
    [InlineData("5us")]
    [InlineData("293y")]
    [InlineData("99999999999999999999y")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(PrometheusDuration.TryParse(text, out _));
}
