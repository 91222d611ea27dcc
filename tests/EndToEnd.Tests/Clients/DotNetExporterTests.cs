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

    [Theory]
    [InlineData("/api/clew/v1/search?service=dotnet-Grpc-GZip&tag=peer:node-7&tag=error:true&limit=100", "traces", "traceId")]
    [InlineData("/api/clew/v1/search?service=dotnet-Grpc-GZip&operation=with+links&tag=otel.status_code:OK&limit=100", "traces", "traceId")]
    [InlineData("/api/clew/v1/search?service=dotnet-Grpc-GZip&tag=uint:4000000000&minDuration=1ns&maxDuration=1m&limit=100", "traces", "traceId")]
    [InlineData("/api/traces?service=dotnet-Grpc-GZip&tag=peer:node-7&tag=error:true&limit=100", "data", "traceID")]
    [InlineData("/api/traces?service=dotnet-Grpc-GZip&tags=%7B%22host.is.virtual%22:%22true%22,%22bool.false%22:%22false%22%7D&limit=100", "data", "traceID")]
    public async Task What_the_DotNet_exporter_sent_is_found_by_what_it_says(string search, string list, string id)
    {
        var trace = SdkTrace.Send(server.Clew.OtlpGrpc, OtlpExportProtocol.Grpc, OtlpExportCompression.GZip);
        var other = SdkTrace.Send(server.Clew.OtlpHttp, OtlpExportProtocol.HttpProtobuf, OtlpExportCompression.None);

        var answer = await server.Clew.GetJsonAsync(search);
        var nothing = await server.Clew.GetJsonAsync(search + "&tag=no.such.key:x");

        var found = answer.GetProperty(list).EnumerateArray().Select(match => match.GetProperty(id).GetString()).ToArray();
        Assert.Contains(trace.TraceId, found);
        Assert.DoesNotContain(other.TraceId, found);
        Assert.Empty(nothing.GetProperty(list).EnumerateArray());
    }

    [Fact]
    public async Task Services_and_operations_of_the_DotNet_exporter_are_listed()
    {
        var trace = SdkTrace.Send(server.Clew.OtlpHttp, OtlpExportProtocol.HttpProtobuf, OtlpExportCompression.GZip);

        var services = await server.Clew.GetJsonAsync("/api/services");
        var operations = await server.Clew.GetJsonAsync("/api/operations?service=dotnet-HttpProtobuf-GZip");

        Assert.Contains("dotnet-HttpProtobuf-GZip", services.GetProperty("data").EnumerateArray().Select(service => service.GetString()));
        Assert.Equal(
            trace.Expected.Select(span => span.Name).Distinct().Order(StringComparer.Ordinal),
            operations.GetProperty("data").EnumerateArray().Select(operation => operation.GetProperty("name").GetString()!).Distinct().Order(StringComparer.Ordinal));
    }
}
