using System.Buffers;
using System.Text;
using Clew.Otlp;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Receivers;

/// <summary><c>grpc.health.v1.Health/Check</c>, which load balancers and orchestrators ask.</summary>
/// <remarks>Request: <c>| 1 service string |</c>; answer: <c>| 1 status enum |</c> with 1 SERVING, 2 NOT_SERVING.</remarks>
internal sealed class GrpcHealth(Func<string> storeTrouble)
{
    public const string CheckMethod = "/grpc.health.v1.Health/Check";

    const int RequestBytesMax = 1024;
    const byte Serving = 1, NotServing = 2;

    public async Task CheckAsync(HttpContext context)
    {
        var body = context.Request.BodyReader;
        var read = await body.ReadAtLeastAsync(RequestBytesMax, context.RequestAborted);
        var message = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, RequestBytesMax)).ToArray();
        body.AdvanceTo(read.Buffer.End);
        if (!read.IsCompleted || !TryReadService(message, out var service))
            GrpcAnswer.Refuse(context.Response, GrpcStatus.InvalidArgument, "Expected one uncompressed HealthCheckRequest.", null);
        else if (service is not "" and not "opentelemetry.proto.collector.trace.v1.TraceService")
            GrpcAnswer.Refuse(context.Response, GrpcStatus.NotFound, $"There is no service '{service}' here.", null);
        else
            GrpcAnswer.WriteMessage(context.Response, [0x08, storeTrouble().Length == 0 ? Serving : NotServing]);
    }

    static bool TryReadService(ReadOnlySpan<byte> body, out string service)
    {
        service = "";
        if (!GrpcFrame.TryReadHeader(body, out var isCompressed, out var length) || isCompressed || length != body.Length - GrpcFrame.HeaderBytes)
            return false;
        var message = body[GrpcFrame.HeaderBytes..];
        if (message.IsEmpty)
            return true;
        if (message.Length < 2 || message[0] != 0x0A || message[1] > 0x7F || message.Length != message[1] + 2)
            return false;
        service = Encoding.UTF8.GetString(message[2..]);
        return true;
    }
}
