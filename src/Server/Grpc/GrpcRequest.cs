using Clew.Otlp;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Grpc;

/// <summary>What a call looks like on the wire, before anything is known about its message.</summary>
internal static class GrpcRequest
{
    const string MediaType = "application/grpc";

    public static bool IsCall(HttpRequest request) => HttpMethods.IsPost(request.Method) && IsGrpc(request.ContentType);

    /// <summary>The content type of the answer to a call: that of the request without its parameters.</summary>
    public static string AnswerTypeOf(HttpRequest request) =>
        request.ContentType!.StartsWith(MediaType + "+proto", StringComparison.OrdinalIgnoreCase) ? MediaType + "+proto" : MediaType;

    /// <summary>A request of a unary or server-streaming call is exactly one message.</summary>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public static string? FrameProblem(ReadOnlySpan<byte> body, ContentCoding coding, out bool isCompressed)
    {
        if (!GrpcFrame.TryReadHeader(body, out isCompressed, out var length))
            return body.Length < GrpcFrame.HeaderBytes
                ? $"The message is cut off: {body.Length} of the 5 bytes of its header arrived."
                : $"The message's compressed flag is {body[0]}; expected 0 or 1.";
        var present = body.Length - GrpcFrame.HeaderBytes;
        if (length != present)
            return $"The message's header declares {length} bytes, and {present} follow; the request of such a call is exactly one message.";
        return isCompressed && coding == ContentCoding.Identity ? "The message is flagged as compressed, but there is no grpc-encoding that says how." : null;
    }

    static bool IsGrpc(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(MediaType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == MediaType.Length || contentType[MediaType.Length] is '+' or ';');
}
