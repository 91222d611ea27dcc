using Clew.Otlp;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Grpc;

/// <summary>What the headers of a call say about it.</summary>
/// <param name="Coding">How its message is compressed, if it is.</param>
/// <param name="Patience">How long the client waits for the answer; null for ever.</param>
internal readonly record struct GrpcRequestHead(ContentCoding Coding, TimeSpan? Patience)
{
    public static bool TryRead(IHeaderDictionary headers, out GrpcRequestHead head, out GrpcOutcome problem)
    {
        head = default;
        problem = default;
        var encoding = headers["grpc-encoding"].ToString();
        if (!Decompression.TryParseCoding(encoding, out var coding) || !Decompression.IsAvailable(coding))
        {
            problem = new GrpcOutcome(GrpcStatus.Unimplemented, $"grpc-encoding '{encoding}' is not supported; use {GrpcAnswer.AcceptedEncodings}.");
            return false;
        }

        var timeout = headers["grpc-timeout"].ToString();
        if (timeout.Length == 0)
        {
            head = new GrpcRequestHead(coding, null);
            return true;
        }

        if (!GrpcFrame.TryParseTimeout(timeout, out var patience))
        {
            problem = new GrpcOutcome(GrpcStatus.Internal, $"grpc-timeout '{timeout}' is not one to eight digits and a unit (H, M, S, m, u or n).");
            return false;
        }

        head = new GrpcRequestHead(coding, patience);
        return true;
    }
}
