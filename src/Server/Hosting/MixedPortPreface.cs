using Clew.Collector.Metrics;
using Microsoft.AspNetCore.Connections;

namespace Clew.Server.Hosting;

/// <summary>Guards a port that speaks both HTTP/1.1 and HTTP/2 without TLS.</summary>
/// <param name="name">What the port is, for people.</param>
internal sealed class MixedPortPreface(string port, string name, CounterFamily garbage, ServerLog log, LimitsOptions limits, TimeProvider time)
    : ConnectionPreface(port, garbage, log, limits, time)
{
    protected override bool IsOurs(Speech speech) => speech is Speech.Http1 or Speech.Http2;

    protected override string Describe(Speech speech) => speech == Speech.Tls
        ? $"A client speaks TLS to the {name} port, which is cleartext; use an http:// address."
        : $"A client sent bytes to the {name} port that are no HTTP.";

    protected override ValueTask<bool> TryAnswerAsync(Speech speech, ConnectionContext connection, CancellationToken cancellation) => speech == Speech.Garbage
        ? WriteHttp1Async(connection, $"This is the {name} port, which speaks HTTP.", cancellation)
        : ValueTask.FromResult(false);
}
