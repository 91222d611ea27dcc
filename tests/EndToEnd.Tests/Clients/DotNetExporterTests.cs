using Clew.EndToEnd.Tests.Wire;
using OpenTelemetry.Exporter;

namespace Clew.EndToEnd.Tests.Clients;

/// <summary>The OpenTelemetry .NET SDK and its OTLP exporter against the real server.</summary>
public sealed class DotNetExporterTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData(OtlpExportProtocol.Grpc, OtlpExportCompression.None)]
    [InlineData(OtlpExportProtocol.Grpc, OtlpExportCompression.GZip)]
    [InlineData(OtlpExportProtocol.HttpProtobuf, OtlpExportCompression.None)]
    [InlineData(OtlpExportProtocol.HttpProtobuf, OtlpExportCompression.GZip)]
    public async Task Everything_the_DotNet_exporter_sends_is_read_back_unchanged(OtlpExportProtocol protocol, OtlpExportCompression compression)
    {
        var trace = SdkTrace.Send(protocol == OtlpExportProtocol.Grpc ? server.Clew.OtlpGrpc : server.Clew.OtlpHttp, protocol, compression);

        var stored = await server.Clew.FindTraceAsync(trace.TraceId);

        Assert.NotNull(stored);
        Assert.Equal(OtlpSpan.Describe(trace.Expected), OtlpSpan.Describe(stored));
    }

    [Fact]
    public async Task The_Jaeger_API_shows_the_DotNet_exporters_trace_as_Jaeger_would()
    {
        var trace = SdkTrace.Send(server.Clew.OtlpGrpc, OtlpExportProtocol.Grpc, OtlpExportCompression.None);

        var answer = await server.Clew.GetJsonAsync($"/api/traces/{trace.TraceId}?raw=true");

        Assert.Equal(JaegerText.Expect(trace.Expected), JaegerText.Read(answer));
    }
}
