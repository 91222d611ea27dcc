using System.Globalization;
using Clew.Collector;
using Clew.Otlp;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Receivers;

/// <summary>Answers of OTLP/HTTP, in the encoding of the request.</summary>
internal static class HttpAnswer
{
    /// <summary>The encoding a content type stands for, parameters aside; null for any other.</summary>
    public static WireEncoding? EncodingOf(string? contentType)
    {
        var end = contentType?.IndexOf(';', StringComparison.Ordinal) ?? 0;
        var mediaType = contentType.AsSpan(0, end < 0 ? contentType!.Length : end).Trim();
        return mediaType.Equals("application/x-protobuf", StringComparison.OrdinalIgnoreCase) ? WireEncoding.Protobuf
            : mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) ? WireEncoding.Json
            : null;
    }

    // Clients retry 429, 502, 503 and 504, and nothing else.
    public static int StatusOf(IngestStatus status) => status switch
    {
        IngestStatus.Stored => StatusCodes.Status200OK,
        IngestStatus.Invalid or IngestStatus.Malformed => StatusCodes.Status400BadRequest,
        IngestStatus.TooLarge => StatusCodes.Status413PayloadTooLarge,
        IngestStatus.UnsupportedCoding => StatusCodes.Status415UnsupportedMediaType,
        IngestStatus.Busy => StatusCodes.Status429TooManyRequests,
        IngestStatus.Overloaded or IngestStatus.Full or IngestStatus.Closing or IngestStatus.Failed => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    public static void Write(HttpContext context, WireEncoding encoding, int code, in IngestOutcome outcome)
    {
        if (outcome.Status != IngestStatus.Stored)
        {
            WriteError(context, encoding, code, OtlpGrpcReceiver.StatusOf(outcome.Status), outcome.Message, outcome.RetryAfter);
            return;
        }

        using var body = new PooledBuffer();
        if (encoding == WireEncoding.Json)
            ExportResponse.WriteJson(outcome.RejectedSpanCount, outcome.Message, body);
        else if (outcome.RejectedSpanCount > 0)
            ExportResponse.WriteProtobuf(outcome.RejectedSpanCount, outcome.Message, body);
        WriteBody(context, encoding, code, body.WrittenSpan);
    }

    /// <summary>A <c>google.rpc.Status</c>; <paramref name="retryAfter"/> becomes the header of that name, in whole seconds.</summary>
    public static void WriteError(HttpContext context, WireEncoding encoding, int code, GrpcStatus status, string message, TimeSpan? retryAfter)
    {
        if (retryAfter is { } wait)
            context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        using var body = new PooledBuffer();
        if (encoding == WireEncoding.Json)
            RpcStatus.WriteJson(status, message, retryAfter, body);
        else
            RpcStatus.WriteProtobuf(status, message, retryAfter, body);
        WriteBody(context, encoding, code, body.WrittenSpan);
    }

    static void WriteBody(HttpContext context, WireEncoding encoding, int code, ReadOnlySpan<byte> body)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = encoding == WireEncoding.Json ? "application/json" : "application/x-protobuf";
        context.Response.ContentLength = body.Length;
        body.CopyTo(context.Response.BodyWriter.GetSpan(body.Length));
        context.Response.BodyWriter.Advance(body.Length);
    }
}
