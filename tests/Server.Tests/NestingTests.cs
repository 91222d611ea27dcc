using System.Net;
using Clew.Model;
using Clew.Otlp;
using Wire = Clew.Server.Tests.Otlp;

namespace Clew.Server.Tests;

public sealed class NestingTests
{
    [Fact]
    public async Task A_value_as_deep_as_may_be_configured_is_stored_and_read_again()
    {
        var value = Wire.Text(1, "bottom");
        for (var level = 0; level < OtlpLimits.NestingBound; level++)
            value = Wire.Field(6, Wire.Field(1, Wire.Text(1, "k"), Wire.Field(2, value)));
        var request = Wire.Request("shop", Wire.Span("00000000000000aa", more: [Wire.Field(9, Wire.Text(1, "deep"), Wire.Field(2, value))]));
        await using var server = await ServerUnderTest.StartAsync(new LimitsOptions { NestingMax = OtlpLimits.NestingBound });
        using var content = new ByteArrayContent(request);
        content.Headers.ContentType = new("application/x-protobuf");
        using var stored = await server.Client.PostAsync(new Uri(server.Http, "/v1/traces"), content);
        Assert.Equal(HttpStatusCode.OK, stored.StatusCode);
        foreach (var path in (string[])["/api/clew/v1/traces/1", "/api/traces/1"])
            Assert.Contains("bottom", await server.Client.GetStringAsync(new Uri(server.Ui, path)), StringComparison.Ordinal);
        var answer = await server.Client.GetByteArrayAsync(new Uri(server.Ui, "/api/clew/v1/traces/1"));
        Assert.True(ExportRequestJsonReader.TryRead(answer, new OtlpLimits { NestingMax = OtlpLimits.NestingBound }, new SpanBatch(), out _, out var error), error?.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(OtlpLimits.NestingBound + 1)]
    public void A_nesting_that_the_decoders_would_not_take_cannot_be_configured(int nesting)
    {
        Assert.NotEmpty(new LimitsOptions { NestingMax = nesting }.Problems());
        Assert.NotEmpty(new LimitsOptions { NestingMax = nesting }.Decoding.Problems());
    }
}
