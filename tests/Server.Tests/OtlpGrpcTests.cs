namespace Clew.Server.Tests;

public sealed class OtlpGrpcTests
{
    [Fact]
    public async Task A_span_sent_over_grpc_is_acknowledged_with_an_empty_message_and_found_again()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var answer = await GrpcCall.SendAsync(server.Client, server.Grpc, Otlp.ExportMethod, GrpcCall.Frame(Otlp.OneSpan));
        Assert.False(answer.IsTrailersOnly);
        Assert.Equal(0, answer.Status);
        Assert.Empty(answer.Payload);
        Assert.Equal("application/grpc", answer.ContentType);
        Assert.Equal(1, server.Store.Statistics.SpanCount);
    }
}
