using Clew.Model;
using Clew.Server.Hosting;
using Clew.Server.Queries;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Api;

/// <summary>What this server is, and where it takes spans.</summary>
/// <param name="receivers">Where the server receives spans; asked once it is listening.</param>
internal sealed class StatusEndpoint(ITraceStore store, string version, Func<(BoundEndpoint OtlpGrpc, BoundEndpoint OtlpHttp, BoundEndpoint Zipkin)> receivers)
{
    public ApiEndpoint[] All => [new("status", "status", [], StatusAsync)];

    async Task StatusAsync(HttpContext context)
    {
        var statistics = store.Statistics;
        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteString("version", version);
        answer.Writer.WriteString("spans", $"{statistics.SpanCount}");

        // Traces are not counted as they come: an exact number would need a pass over all of them.
        answer.Writer.WriteNull("traces");
        answer.Writer.WriteStartObject("otlp");
        answer.Writer.WriteString("grpc", AddressFor(context, receivers().OtlpGrpc));
        answer.Writer.WriteString("http", AddressFor(context, receivers().OtlpHttp));
        answer.Writer.WriteEndObject();
        answer.Writer.WriteString("zipkin", AddressFor(context, receivers().Zipkin));
        answer.Writer.WriteEndObject();
    }

    // Who asks from another machine is told the name by which it reached this one.
    static string AddressFor(HttpContext context, BoundEndpoint endpoint) => endpoint.IsEveryInterface && context.Request.Host.Host is { Length: > 0 } host
        ? $"http://{host}:{endpoint.Address.Port}"
        : endpoint.Address.GetLeftPart(UriPartial.Authority);
}
