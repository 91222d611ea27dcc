namespace Clew.Model.Tests;

public sealed class IdentityTests
{
    [Theory]
    [InlineData("0102030405060708090a0b0c0d0e0f10", 0x0102030405060708UL, 0x090a0b0c0d0e0f10UL)]
    [InlineData("0102030405060708090A0B0C0D0E0F10", 0x0102030405060708UL, 0x090a0b0c0d0e0f10UL)]
    [InlineData("0a", 0UL, 10UL)]
    [InlineData("1ffffffffffffffff", 1UL, ulong.MaxValue)]
    public void A_trace_id_is_up_to_32_hexadecimal_digits(string text, ulong high, ulong low)
    {
        Assert.True(TraceId.TryParse(text, out var id));
        Assert.Equal(new TraceId(high, low), id);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("xyz")]
    [InlineData(" 1")]
    [InlineData("+1")]
    [InlineData("0x10")]
    [InlineData("000102030405060708090a0b0c0d0e0f10")]
    public void Anything_else_is_no_trace_id(string? text) => Assert.False(TraceId.TryParse(text, out _));

    [Fact]
    public void Ids_print_all_their_digits_and_keep_their_wire_order()
    {
        byte[] wire = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255];
        var id = TraceId.Read(wire);
        var written = new byte[16];
        id.Write(written);
        Assert.Equal("000102030405060708090a0b0c0d0eff", id.ToString());
        Assert.Equal(wire, written);
        Assert.Equal("00000000000000ff", new SpanId(255).ToString());
        Assert.True(new TraceId(0, ulong.MaxValue) < new TraceId(1, 0));
    }

    [Fact]
    public void Times_never_wrap()
    {
        Assert.Equal(0UL, new UnixNanos(5).NanosUntil(new UnixNanos(4)));
        Assert.Equal(UnixNanos.MaxValue, new UnixNanos(ulong.MaxValue - 1).Plus(5));
        Assert.Equal(UnixNanos.MinValue, new UnixNanos(3).Minus(5));
        Assert.Equal(2554, UnixNanos.MaxValue.ToDateTimeOffset().Year);
        Assert.Equal(new UnixNanos(1_700_000_000_123_456_700), UnixNanos.From(new UnixNanos(1_700_000_000_123_456_789).ToDateTimeOffset()));
        Assert.Equal(UnixNanos.MinValue, UnixNanos.From(DateTimeOffset.MinValue));
    }
}
