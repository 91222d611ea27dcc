using Clew.Cli.Load;

namespace Clew.Cli.Tests.Load;

public sealed class LoadTargetTests
{
    [Theory]
    [InlineData("localhost:4318", null, "http://localhost:4318/v1/traces", "Http")]
    [InlineData("http://tempo:4318/", null, "http://tempo:4318/v1/traces", "Http")]
    [InlineData("https://gateway/otlp", null, "https://gateway/otlp/v1/traces", "Http")]
    [InlineData("https://gateway/otlp/v1/traces", null, "https://gateway/otlp/v1/traces", "Http")]
    [InlineData("127.0.0.1:4317", null, "http://127.0.0.1:4317/opentelemetry.proto.collector.trace.v1.TraceService/Export", "Grpc")]
    [InlineData("http://[::1]:9", "Grpc", "http://[::1]:9/opentelemetry.proto.collector.trace.v1.TraceService/Export", "Grpc")]
    [InlineData("http://collector:4317", "Http", "http://collector:4317/v1/traces", "Http")]
    public void An_address_becomes_the_place_where_requests_go(string address, string? protocol, string endpoint, string chosen)
    {
        var target = LoadTarget.TryParse(address, protocol is null ? null : Enum.Parse<LoadProtocol>(protocol));
        Assert.Equal((endpoint, chosen), (target?.Endpoint.AbsoluteUri, target?.Protocol.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ftp://host")]
    [InlineData("http://")]
    public void What_is_no_address_is_refused(string address) => Assert.Null(LoadTarget.TryParse(address, null));
}
