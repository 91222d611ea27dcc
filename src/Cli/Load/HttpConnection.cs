using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Clew.Otlp;

namespace Clew.Cli.Load;

/// <summary>OTLP/HTTP with protobuf.</summary>
internal sealed class HttpConnection(Uri endpoint) : OtlpConnection
{
    const int ReasonBytesMax = 512;
    const string Protobuf = "application/x-protobuf";
    static readonly MediaTypeHeaderValue ContentType = new(Protobuf);

    protected override async Task<SendResult> ExportAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new ReadOnlyMemoryContent(frame[GrpcFrame.HeaderBytes..]) };
        request.Content.Headers.ContentType = ContentType;
        using var response = await Http.SendAsync(request, cancellation);
        var body = await response.Content.ReadAsByteArrayAsync(cancellation);
        var isProtobuf = response.Content.Headers.ContentType?.MediaType == Protobuf;
        if (response.IsSuccessStatusCode)
        {
            // Some receivers answer with something else, or with nothing: then there is nothing that they rejected.
            var (rejected, message) = (0L, "");
            if (isProtobuf && body.Length > 0)
                ExportResponse.TryReadProtobuf(body, out rejected, out message);
            return SendResult.Acknowledged(rejected, message);
        }

        var reason = Shorten($"{(int)response.StatusCode} {response.ReasonPhrase}: {Text(body, isProtobuf)}");
        return new SendResult(IsRetryable(response.StatusCode) ? SendOutcome.Refused : SendOutcome.Failed, 0, RetryAfter(response), reason);
    }

    // The codes that OTLP/HTTP calls retryable.
    static bool IsRetryable(HttpStatusCode code) =>
        code is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delay } => delay,
        { Date: { } date } => TimeProvider.System.GetUtcNow() is var now && date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };

    static string Text(byte[] body, bool isProtobuf) =>
        isProtobuf && RpcStatus.TryReadProtobuf(body, out var message, out _) && message.Length > 0 ? message
        : Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, ReasonBytesMax)));
}
