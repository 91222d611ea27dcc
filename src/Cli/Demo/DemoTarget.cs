using System.Net.Http.Headers;
using OpenTelemetry.Exporter;

namespace Clew.Cli.Demo;

/// <summary>A receiver of spans, as exporters take it: for HTTP the full path, for gRPC the base address.</summary>
internal sealed record DemoTarget(Uri Endpoint, OtlpExportProtocol Protocol)
{
    const string TracePath = "/v1/traces";
    static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    /// <param name="address">The base address; one that ends with the path of traces means the same.</param>
    public static DemoTarget Http(Uri address)
    {
        var path = address.AbsolutePath.TrimEnd('/');
        var end = path.EndsWith(TracePath, StringComparison.Ordinal) ? "" : TracePath;
        return new DemoTarget(new UriBuilder(address) { Path = path + end }.Uri, OtlpExportProtocol.HttpProtobuf);
    }

    public static DemoTarget Grpc(Uri address) => new(address, OtlpExportProtocol.Grpc);

    /// <summary>Sends an export request without spans over HTTP, which every receiver of OTLP accepts.</summary>
    /// <exception cref="CommandFailedException">Nobody answers, or not as a receiver of OTLP does.</exception>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        try
        {
            using var http = new HttpClient { Timeout = AnswerTimeout };
            using var nothing = new ByteArrayContent([]) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-protobuf") } };
            using var answer = await http.PostAsync(Endpoint, nothing, cancellation);
            if (!answer.IsSuccessStatusCode)
                throw new CommandFailedException($"{Endpoint} answered {(int)answer.StatusCode} {answer.ReasonPhrase}; --to expects the address of OTLP over HTTP, such as http://127.0.0.1:4318.");
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new CommandFailedException(
                $"no answer from {Endpoint} ({unreachable.InnerException?.Message ?? unreachable.Message}); without --to, 'clew demo' starts a server of its own.", unreachable);
        }
    }
}
