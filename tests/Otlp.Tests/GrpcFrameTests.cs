namespace Clew.Otlp.Tests;

public sealed class GrpcFrameTests
{
    [Fact]
    public void A_header_reads_back_as_written()
    {
        var header = new byte[GrpcFrame.HeaderBytes];
        GrpcFrame.WriteHeader(header, 0x01020304);
        Assert.Equal([0, 1, 2, 3, 4], header);
        Assert.True(GrpcFrame.TryReadHeader(header, out var compressed, out var length));
        Assert.False(compressed);
        Assert.Equal(0x01020304U, length);
    }

    [Fact]
    public void A_compressed_message_says_so_and_its_length_is_unsigned()
    {
        Assert.True(GrpcFrame.TryReadHeader([1, 0xFF, 0xFF, 0xFF, 0xFF, 9], out var compressed, out var length));
        Assert.True(compressed);
        Assert.Equal(uint.MaxValue, length);
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0, 0, 0, 0 })]
    [InlineData(new byte[] { 2, 0, 0, 0, 0 })]
    public void Anything_else_is_no_header(byte[] source) => Assert.False(GrpcFrame.TryReadHeader(source, out _, out _));

    [Theory]
    [InlineData("plain text, ~ too", "plain text, ~ too")]
    [InlineData("50% größer\n", "50%25 gr%C3%B6%C3%9Fer%0A")]
    [InlineData("", "")]
    [InlineData("\u007f🧶", "%7F%F0%9F%A7%B6")]
    public void Messages_are_percent_encoded(string message, string expected) => Assert.Equal(expected, GrpcFrame.EncodeMessage(message));

    [Theory]
    [InlineData("1H", 3_600_000_000_000L)]
    [InlineData("2M", 120_000_000_000L)]
    [InlineData("10S", 10_000_000_000L)]
    [InlineData("100m", 100_000_000L)]
    [InlineData("7u", 7_000L)]
    [InlineData("1n", 100L)]
    [InlineData("99999999H", 359_999_996_400_000_000_000d)]
    public void Timeouts_are_a_number_and_a_unit(string text, double nanos)
    {
        Assert.True(GrpcFrame.TryParseTimeout(text, out var timeout));
        Assert.Equal(nanos, timeout.Ticks * 100d);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("10")]
    [InlineData("10s")]
    [InlineData("-1S")]
    [InlineData("123456789S")]
    [InlineData(" 1S")]
    public void Other_timeouts_are_not_understood(string? text) => Assert.False(GrpcFrame.TryParseTimeout(text, out _));
}
