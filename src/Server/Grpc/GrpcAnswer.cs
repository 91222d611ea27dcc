using System.Globalization;
using Clew.Otlp;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Clew.Server.Grpc;

/// <summary>What an answer is made of: messages, then a status.</summary>
/// <remarks>Source: PROTOCOL-HTTP2.md of the gRPC project.</remarks>
internal static class GrpcAnswer
{
    public static string AcceptedEncodings { get; } = Decompression.IsZstdAvailable ? "identity,gzip,deflate,zstd" : "identity,gzip,deflate";

    /// <summary>Puts one message into the body.</summary>
    public static void WriteMessage(HttpResponse response, ReadOnlySpan<byte> payload)
    {
        var frame = response.BodyWriter.GetSpan(GrpcFrame.HeaderBytes + payload.Length);
        GrpcFrame.WriteHeader(frame, payload.Length);
        payload.CopyTo(frame[GrpcFrame.HeaderBytes..]);
        response.BodyWriter.Advance(GrpcFrame.HeaderBytes + payload.Length);
    }

    /// <summary>Ends an answer that has messages: the status travels in the trailers.</summary>
    public static void End(HttpResponse response, GrpcOutcome outcome) =>
        WriteStatus(response.HttpContext.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers, outcome);

    /// <summary>An answer without a message, "trailers only": the status travels in the head.</summary>
    public static void EndWithoutMessage(HttpResponse response, GrpcOutcome outcome)
    {
        WriteStatus(response.Headers, outcome);
        if (outcome.Status == GrpcStatus.Unimplemented)
            response.Headers["grpc-accept-encoding"] = AcceptedEncodings;
    }

    static void WriteStatus(IHeaderDictionary target, GrpcOutcome outcome)
    {
        target["grpc-status"] = ((int)outcome.Status).ToString(CultureInfo.InvariantCulture);
        if (outcome.Message.Length > 0)
            target["grpc-message"] = GrpcFrame.EncodeMessage(outcome.Message);
        if (outcome.RetryAfter is null)
            return;
        using var details = new PooledBuffer();
        RpcStatus.WriteProtobuf(outcome.Status, outcome.Message, outcome.RetryAfter, details);
        target["grpc-status-details-bin"] = Convert.ToBase64String(details.WrittenSpan).TrimEnd('=');
    }
}
