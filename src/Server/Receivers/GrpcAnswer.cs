using System.Globalization;
using Clew.Collector;
using Clew.Otlp;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Clew.Server.Receivers;

/// <summary>Answers of a unary call.</summary>
internal static class GrpcAnswer
{
    public static string AcceptedEncodings { get; } = Decompression.IsZstdAvailable ? "identity,gzip,deflate,zstd" : "identity,gzip,deflate";

    public static GrpcStatus StatusOf(IngestStatus status) => status switch
    {
        IngestStatus.Stored => GrpcStatus.Ok,
        IngestStatus.Invalid => GrpcStatus.InvalidArgument,
        IngestStatus.TooLarge => GrpcStatus.ResourceExhausted,
        IngestStatus.UnsupportedCoding => GrpcStatus.Unimplemented,
        IngestStatus.Busy or IngestStatus.Overloaded or IngestStatus.Closing or IngestStatus.Failed => GrpcStatus.Unavailable,

        // Retryable only because RetryInfo comes with it.
        IngestStatus.Full => GrpcStatus.ResourceExhausted,
        IngestStatus.Late => GrpcStatus.DeadlineExceeded,
        IngestStatus.Malformed or _ => GrpcStatus.Internal,
    };

    /// <summary>Success: one message, empty unless spans were rejected, then the status in the trailers.</summary>
    public static void WriteExported(HttpResponse response, long rejectedSpanCount, string message)
    {
        using var payload = new PooledBuffer();
        if (rejectedSpanCount > 0)
            ExportResponse.WriteProtobuf(rejectedSpanCount, message, payload);
        WriteMessage(response, payload.WrittenSpan);
    }

    public static void WriteMessage(HttpResponse response, ReadOnlySpan<byte> payload)
    {
        var frame = response.BodyWriter.GetSpan(GrpcFrame.HeaderBytes + payload.Length);
        GrpcFrame.WriteHeader(frame, payload.Length);
        payload.CopyTo(frame[GrpcFrame.HeaderBytes..]);
        response.BodyWriter.Advance(GrpcFrame.HeaderBytes + payload.Length);
        var trailers = response.HttpContext.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
        trailers["grpc-status"] = "0";
    }

    /// <summary>Trailers only: no message, the status in the head of the answer.</summary>
    /// <param name="retryAfter">When given, the details carry a <c>google.rpc.RetryInfo</c>: the client may send it again after that time.</param>
    public static void Refuse(HttpResponse response, GrpcStatus status, string message, TimeSpan? retryAfter)
    {
        response.Headers["grpc-status"] = ((int)status).ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = GrpcFrame.EncodeMessage(message);
        if (status == GrpcStatus.Unimplemented)
            response.Headers["grpc-accept-encoding"] = AcceptedEncodings;
        if (retryAfter is null)
            return;
        using var details = new PooledBuffer();
        RpcStatus.WriteProtobuf(status, message, retryAfter, details);
        response.Headers["grpc-status-details-bin"] = Convert.ToBase64String(details.WrittenSpan).TrimEnd('=');
    }
}
