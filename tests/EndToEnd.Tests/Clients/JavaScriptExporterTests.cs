using System.Text.Json;
using Clew.EndToEnd.Tests.Wire;

namespace Clew.EndToEnd.Tests.Clients;

/// <summary>The OpenTelemetry JavaScript exporters (tests/clients/otlp-js) against the real server.</summary>
public sealed class JavaScriptExporterTests(RunningServer server) : IClassFixture<RunningServer>
{
    [NodeTheory]
    [InlineData("grpc", "none")]
    [InlineData("grpc", "gzip")]
    [InlineData("proto", "none")]
    [InlineData("proto", "gzip")]
    [InlineData("json", "none")]
    [InlineData("json", "gzip")]
    public async Task Everything_a_JavaScript_exporter_sends_is_read_back_unchanged(string protocol, string compression)
    {
        var receiver = protocol == "grpc" ? server.Clew.OtlpGrpc : server.Clew.OtlpHttp;
        var printed = await NodeProgram.RunAsync(
            "otlp-js", "send.mjs", "--protocol", protocol, "--endpoint", receiver.ToString(), "--compression", compression);
        using var account = JsonDocument.Parse(printed);
        var sent = account.RootElement.GetProperty("spans").EnumerateArray().Select(ReadAccount).ToArray();

        var traceId = OtlpJson.Text(account.RootElement, "traceId");
        var stored = await server.Clew.FindTraceAsync(traceId);
        var inJaeger = await server.Clew.GetJsonAsync($"/api/traces/{traceId}?raw=true");

        Assert.Equal(10, sent.Length);
        Assert.NotNull(stored);
        Assert.Equal(OtlpSpan.Describe(sent), OtlpSpan.Describe(stored));
        Assert.Equal(JaegerText.Expect(sent), JaegerText.Read(inJaeger));
    }

    static OtlpSpan ReadAccount(JsonElement account)
    {
        var resource = account.GetProperty("resource");
        var scope = account.GetProperty("scope");
        return OtlpJson.ReadSpan(
            account.GetProperty("span"),
            new OtlpResource(OtlpJson.Attributes(resource), OtlpJson.Text(resource, "schemaUrl")),
            new OtlpScope(OtlpJson.Text(scope, "name"), OtlpJson.Text(scope, "version"), OtlpJson.Text(scope, "schemaUrl")));
    }
}
