using Clew.Collector.Metrics;
using Clew.Server.Hosting;
using Microsoft.AspNetCore.Connections;

namespace Clew.Server.Receivers;

/// <summary>Guards a port that speaks HTTP/1.1: a gRPC client gets a gRPC answer that names the port it is looking for.</summary>
/// <param name="name">What the port is, for people.</param>
/// <param name="grpcQueries">A sentence about where queries over gRPC are answered, on a port for queries.</param>
internal sealed class HttpPortPreface(
    string port, string name, Func<Uri> grpcAddress, CounterFamily garbage, ServerLog log, LimitsOptions limits, TimeProvider time, Func<string>? grpcQueries = null)
    : ConnectionPreface(port, garbage, log, limits, time)
{
    protected override bool IsOurs(Speech speech) => speech == Speech.Http1;

    protected override string Describe(Speech speech) => speech switch
    {
        Speech.Http2 => $"A client speaks HTTP/2 (gRPC?) to the {name} port; OTLP over gRPC is at {grpcAddress()}.",
        Speech.Tls => $"A client speaks TLS to the {name} port, which is cleartext; use an http:// address.",
        _ => $"A client sent bytes to the {name} port that are no HTTP.",
    };

    protected override ValueTask<bool> TryAnswerAsync(Speech speech, ConnectionContext connection, CancellationToken cancellation) => speech switch
    {
        Speech.Http2 => Http2Refusal.AnswerAsync(
            connection.Transport, Http2Preface.Length,
            $"This is the {name} port (HTTP/1.1). Send OTLP over gRPC to {grpcAddress()}: OTEL_EXPORTER_OTLP_ENDPOINT={grpcAddress()}.{grpcQueries?.Invoke()}", cancellation),
        Speech.Garbage => WriteHttp1Async(connection, $"This is the {name} port, which speaks HTTP/1.1.", cancellation),
        _ => ValueTask.FromResult(false),
    };
}
