using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Clew.Otlp;

namespace Clew.Cli.Load;

/// <summary>OTLP/gRPC: a unary call over bare HTTP/2.</summary>
/// <remarks>Source: PROTOCOL-HTTP2.md of the gRPC project; opentelemetry-proto, docs/specification.md, section OTLP/gRPC Throttling.</remarks>
internal sealed class GrpcConnection(Uri endpoint) : OtlpConnection
{
    static readonly MediaTypeHeaderValue ContentType = new("application/grpc");
    static readonly TransferCodingWithQualityHeaderValue Trailers = new("trailers");

    protected override async Task<SendResult> ExportAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ReadOnlyMemoryContent(frame),
        };
        request.Content.Headers.ContentType = ContentType;
        request.Headers.TE.Add(Trailers);
        using var response = await Http.SendAsync(request, cancellation);
        var body = await response.Content.ReadAsByteArrayAsync(cancellation);
        if (Field(response, "grpc-status") is not { } text || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return new SendResult(SendOutcome.Failed, 0, null, $"{(int)response.StatusCode} {response.ReasonPhrase} without grpc-status: this is not a gRPC server");
        return number == (int)GrpcStatus.Ok ? Acknowledged(body) : NotAcknowledged((GrpcStatus)number, response);
    }

    static SendResult Acknowledged(byte[] body)
    {
        var (rejected, message) = (0L, "");
        if (GrpcFrame.TryReadHeader(body, out var isCompressed, out var length) && !isCompressed && length <= body.Length - GrpcFrame.HeaderBytes)
            ExportResponse.TryReadProtobuf(body.AsSpan(GrpcFrame.HeaderBytes, (int)length), out rejected, out message);
        return SendResult.Acknowledged(rejected, message);
    }

    static SendResult NotAcknowledged(GrpcStatus status, HttpResponseMessage response)
    {
        var message = Uri.UnescapeDataString(Field(response, "grpc-message") ?? "");
        var retryAfter = RetryAfter(Field(response, "grpc-status-details-bin"));
        var isRetryable = status switch
        {
            GrpcStatus.Cancelled or GrpcStatus.DeadlineExceeded or GrpcStatus.Aborted or GrpcStatus.OutOfRange or GrpcStatus.Unavailable or GrpcStatus.DataLoss => true,
            GrpcStatus.ResourceExhausted => retryAfter is not null,
            _ => false,
        };
        return new SendResult(isRetryable ? SendOutcome.Refused : SendOutcome.Failed, 0, retryAfter, Shorten($"gRPC {(int)status} {status}: {message}"));
    }

    // Binary fields are base64, and their padding may be missing.
    static TimeSpan? RetryAfter(string? details)
    {
        if (details is null)
            return null;
        var bytes = new byte[details.Length];
        return Convert.TryFromBase64String(details.PadRight((details.Length + 3) / 4 * 4, '='), bytes, out var count)
            && RpcStatus.TryReadProtobuf(bytes.AsSpan(0, count), out _, out var retryAfter) ? retryAfter : null;
    }

    // In the trailers, or in the head of an answer that has nothing else.
    static string? Field(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var values) || response.Headers.TryGetValues(name, out values) ? values.First() : null;
}
