using System.Text;
using Clew.Otlp;

namespace Clew.Server.Grpc;

/// <summary><c>grpc.health.v1.Health/Check</c>, which load balancers and orchestrators ask.</summary>
/// <remarks>Request: <c>| 1 service string |</c>; answer: <c>| 1 status enum |</c> with 1 SERVING, 2 NOT_SERVING.</remarks>
/// <param name="service">The service of the port; the empty name is the port as a whole.</param>
internal sealed class GrpcHealth(string service, Func<bool> isServing)
{
    public const string CheckMethod = "/grpc.health.v1.Health/Check";

    const byte Serving = 1, NotServing = 2;

    public async Task<GrpcOutcome> CheckAsync(ReadOnlyMemory<byte> request, GrpcMessages answer, CancellationToken cancellation)
    {
        if (!TryReadService(request.Span, out var asked))
            return GrpcOutcome.Invalid("Expected a HealthCheckRequest.");
        if (asked.Length > 0 && asked != service)
            return new GrpcOutcome(GrpcStatus.NotFound, $"There is no service '{asked}' here.");
        await answer.WriteAsync(new byte[] { 0x08, isServing() ? Serving : NotServing }, cancellation);
        return GrpcOutcome.Ok;
    }

    static bool TryReadService(ReadOnlySpan<byte> message, out string asked)
    {
        asked = "";
        if (message.IsEmpty)
            return true;
        if (message.Length < 2 || message[0] != 0x0A || message[1] > 0x7F || message.Length != message[1] + 2)
            return false;
        asked = Encoding.UTF8.GetString(message[2..]);
        return true;
    }
}
