using Clew.Collector.Metrics;
using Clew.Server.Hosting;
using Microsoft.AspNetCore.Connections;

namespace Clew.Server.Grpc;

/// <summary>Guards a gRPC port: HTTP/2 with prior knowledge passes, HTTP/1.1 is told which port it is looking for.</summary>
/// <param name="name">What the port is, for people: <c>OTLP/gRPC</c>.</param>
/// <param name="overHttp">Where the same is had over HTTP, as the end of the sentence <c>Send OTLP over HTTP to …</c>; asked once the server listens.</param>
internal sealed class GrpcPortPreface(string port, string name, Func<string> overHttp, CounterFamily garbage, ServerLog log, LimitsOptions limits, TimeProvider time)
    : ConnectionPreface(port, garbage, log, limits, time)
{
    protected override bool IsOurs(Speech speech) => speech == Speech.Http2;

    protected override string Describe(Speech speech) => speech switch
    {
        Speech.Http1 => $"A client speaks HTTP/1.1 to the {name} port. {overHttp()}",
        Speech.Tls => $"A client speaks TLS to the {name} port, which is cleartext; use an http:// endpoint or an insecure channel (OTEL_EXPORTER_OTLP_INSECURE=true for OTLP).",
        _ => $"A client sent bytes to the {name} port that are no HTTP/2.",
    };

    protected override ValueTask<bool> TryAnswerAsync(Speech speech, ConnectionContext connection, CancellationToken cancellation) => speech == Speech.Http1
        ? WriteHttp1Async(connection, $"This port speaks {name} (HTTP/2). {overHttp()}", cancellation)
        : ValueTask.FromResult(false);
}
