namespace Clew.Model.Tests;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("1ns", 1)]
    [InlineData("500us", 500_000)]
    [InlineData("500µs", 500_000)]
    [InlineData("500μs", 500_000)]
    [InlineData("100ms", 100_000_000)]
    [InlineData("1.2s", 1_200_000_000)]
    [InlineData(".5s", 500_000_000)]
    [InlineData("1h3m", 3_780_000_000_000)]
    [InlineData("1h3m5.25s", 3_785_250_000_000)]
    [InlineData("0.0000000001s", 0)]
    public void Text_becomes_nanoseconds(string text, long nanos)
    {
        Assert.True(GoDuration.TryParse(text, out var parsed));
        Assert.Equal((ulong)nanos, parsed);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("fast")]
    [InlineData("s")]
    [InlineData("1.2.3s")]
    [InlineData("-1s")]
    [InlineData("1 s")]
    [InlineData("1S")]
    [InlineData("1d")]
    [InlineData(".s")]
    [InlineData("300000000h")]
    [InlineData("99999999999999999999999s")]
    [InlineData("99999999999999999999h")]
    public void What_is_no_duration_is_refused(string? text) => Assert.False(GoDuration.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(1, "1ns")]
    [InlineData(-999, "-999ns")]
    [InlineData(1_500, "1.5µs")]
    [InlineData(-10_000_000, "-10ms")]
    [InlineData(1_500_000_000, "1.5s")]
    [InlineData(90_000_000_000, "1m30s")]
    [InlineData(3_600_000_000_000, "1h0m0s")]
    [InlineData(long.MinValue, "-2562047h47m16.854775808s")]
    public void Nanoseconds_print_as_Go_prints_them(long nanos, string text) => Assert.Equal(text, GoDuration.Format(nanos));

    [Fact]
    public void What_is_printed_reads_back()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 10_000; round++)
        {
            var nanos = random.NextInt64() >> random.Next(63);
            Assert.True(GoDuration.TryParse(GoDuration.Format(nanos), out var parsed) && parsed == (ulong)nanos, $"{nanos}, seed {seed}");
        }
    }
}
