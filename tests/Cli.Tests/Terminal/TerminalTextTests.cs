using Clew.Cli.Terminal;
using Clew.Model;
using FsCheck;
using FsCheck.Fluent;

namespace Clew.Cli.Tests.Terminal;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("plain", 5)]
    [InlineData("服务", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("🚀", 2)]
    [InlineData("", 0)]
    public void Width_is_what_a_terminal_draws(string text, int width) => Assert.Equal(width, TerminalText.Width(text));

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdef", 5, "abcd…")]
    [InlineData("服务名称", 5, "服务…")]
    [InlineData("abc", 0, "")]
    [InlineData("abc", 1, "…")]
    public void A_cut_is_marked(string text, int width, string expected) => Assert.Equal(expected, TerminalText.Truncate(text, width));

    [Fact]
    public void Any_text_becomes_safe_and_fits() => Prop.ForAll<string?, byte>((text, width) =>
    {
        var safe = TerminalText.Truncate(TerminalText.Sanitize(text ?? ""), width);
        return TerminalText.Width(safe) <= width && !safe.Any(char.IsControl);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0, "0 ns")]
    [InlineData(999, "999 ns")]
    [InlineData(1_000, "1.00 µs")]
    [InlineData(12_345, "12.3 µs")]
    [InlineData(999_499, "999 µs")]
    [InlineData(999_500, "1.00 ms")]
    [InlineData(1_240_000_000, "1.24 s")]
    [InlineData(59_990_000_000, "60.0 s")]
    [InlineData(130_000_000_000, "2 min 10 s")]
    [InlineData(12_000_000_000_000, "3 h 20 min")]
    [InlineData(ulong.MaxValue, "5124095 h 34 min")]
    public void A_duration_has_three_digits_that_count(ulong nanos, string expected) => Assert.Equal(expected, NanosText.Duration(nanos));

    [Fact]
    public void A_time_is_UTC_to_the_millisecond() => Assert.Equal("2026-11-21 00:52:06.123", NanosText.Time(new UnixNanos(1_795_222_326_123_456_789)));
}
