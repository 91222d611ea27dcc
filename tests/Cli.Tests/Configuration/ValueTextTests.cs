using Clew.Model;
using Clew.Server.Configuration;
using FsCheck;
using FsCheck.Fluent;

namespace Clew.Cli.Tests.Configuration;

public sealed class ValueTextTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("10s", 10_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("2D", 172_800_000)]
    [InlineData("250us", 0.25)]
    [InlineData("250µs", 0.25)]
    [InlineData("0", 0)]
    [InlineData(" 5s ", 5_000)]
    public void A_duration_is_read(string text, double millis)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromMicroseconds(millis * 1_000), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("-5s")]
    [InlineData("s")]
    [InlineData("5 s 3")]
    [InlineData("1.2.3s")]
    [InlineData("5parsecs")]
    [InlineData("99999999999d")]
    [InlineData("9999999d9999999d")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Fact]
    public void Every_duration_of_whole_microseconds_reads_back() => Prop.ForAll<NonNegativeInt, int>((large, small) =>
    {
        var duration = TimeSpan.FromMicroseconds(large.Get * 86_399_999L + Math.Abs((long)small));
        return DurationText.TryParse(DurationText.Format(duration), out var read) && read == duration;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("4096", 4_096)]
    [InlineData("64MiB", 64L << 20)]
    [InlineData("16MB", 16_000_000)]
    [InlineData("1.5GiB", 3L << 29)]
    [InlineData("1kb", 1_000)]
    [InlineData("1_024 B", 1_024)]
    [InlineData("0", 0)]
    public void A_size_is_read(string text, long expected)
    {
        Assert.True(SizeText.TryParse(text, out var bytes));
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MiB")]
    [InlineData("-1")]
    [InlineData("1.0001KiB")]
    [InlineData("64 parsecs")]
    [InlineData("9999999999TiB")]
    public void What_is_no_size_is_refused(string text) => Assert.False(SizeText.TryParse(text, out _));

    [Fact]
    public void Every_size_reads_back() => Prop.ForAll<NonNegativeInt, byte>((number, shift) =>
    {
        var bytes = (long)number.Get << (shift % 32);
        return SizeText.TryParse(SizeText.Format(bytes), out var read) && read == bytes;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("serch", "search")]
    [InlineData("sevre", "serve")]
    [InlineData("--min_duration", "--min-duration")]
    [InlineData("TRACE", "trace")]
    public void A_slip_of_the_finger_finds_the_name_that_was_meant(string typed, string meant) =>
        Assert.Equal(meant, NearestName.Find(typed, ["serve", "search", "trace", "--min-duration", "--max-duration"]));

    [Fact]
    public void Nothing_is_suggested_for_a_word_that_resembles_nothing() => Assert.Null(NearestName.Find("xylophone", ["serve", "search", "trace"]));
}
