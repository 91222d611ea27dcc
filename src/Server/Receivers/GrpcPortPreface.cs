using Clew.Collector.Metrics;
using Clew.Server.Hosting;
using Microsoft.AspNetCore.Connections;

namespace Clew.Server.Receivers;

/// <summary>Guards the OTLP/gRPC port: HTTP/2 with prior knowledge passes, HTTP/1.1 is told which port it is looking for.</summary>
internal sealed class GrpcPortPreface(Func<Uri> httpAddress, CounterFamily garbage, ServerLog log, LimitsOptions limits, TimeProvider time)
    : ConnectionPreface("otlp_grpc", garbage, log, limits, time)
{
    protected override bool IsOurs(Speech speech) => speech == Speech.Http2;

    protected override string Describe(Speech speech) => speech switch
    {
        Speech.Http1 => $"A client speaks HTTP/1.1 to the OTLP/gRPC port; OTLP over HTTP is at {httpAddress()}.",
        Speech.Tls => "A client speaks TLS to the OTLP/gRPC port, which is cleartext; use an http:// endpoint or OTEL_EXPORTER_OTLP_INSECURE=true.",
        _ => "A client sent bytes to the OTLP/gRPC port that are no HTTP/2.",
    };

    protected override ValueTask<bool> TryAnswerAsync(Speech speech, ConnectionContext connection, CancellationToken cancellation) => speech == Speech.Http1
        ? WriteHttp1Async(
            connection, $"This port speaks OTLP over gRPC (HTTP/2). Send OTLP over HTTP to {httpAddress()}v1/traces: OTEL_EXPORTER_OTLP_ENDPOINT={httpAddress()}.", cancellation)
        : ValueTask.FromResult(false);
}
