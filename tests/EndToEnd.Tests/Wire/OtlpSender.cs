using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace Clew.EndToEnd.Tests.Wire;

/// <summary>One connection to an OTLP receiver, which reports every answer as what it means to a client (otlp-specification, "Failures").</summary>
internal sealed class OtlpSender : IDisposable
{
    const string GrpcMethod = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null }) { Timeout = TimeSpan.FromSeconds(30) };
    readonly Func<byte[], CancellationToken, Task<SendResult>> _send;

    OtlpSender(Uri receiver, bool isGrpc, bool isCompressed) =>
        _send = isGrpc
            ? (request, cancellation) => SendGrpcAsync(new Uri(receiver, GrpcMethod), request, isCompressed, cancellation)
            : (request, cancellation) => SendHttpAsync(new Uri(receiver, "/v1/traces"), request, isCompressed, cancellation);

    public static OtlpSender OverHttp(Uri receiver, bool isCompressed = false) => new(receiver, isGrpc: false, isCompressed);

    public static OtlpSender OverGrpc(Uri receiver, bool isCompressed = false) => new(receiver, isGrpc: true, isCompressed);

    public async Task<SendResult> SendAsync(IEnumerable<OtlpSpan> spans, CancellationToken cancellation = default)
    {
        try
        {
            return await _send(OtlpProtobuf.WriteRequest(spans), cancellation);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
        {
            return new SendResult(SendOutcome.Unanswered, broken.Message);
        }
    }

    /// <summary>Sends spans that the receiver has no reason to refuse.</summary>
    public async Task DeliverAsync(IEnumerable<OtlpSpan> spans)
    {
        var result = await SendAsync(spans);
        Assert.True(result.Outcome == SendOutcome.Acknowledged, $"The spans were not acknowledged but {result.Outcome}: {result.Answer}");
    }

    public void Dispose() => _client.Dispose();

    async Task<SendResult> SendHttpAsync(Uri address, byte[] message, bool isCompressed, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(isCompressed ? Gzip(message) : message) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        if (isCompressed)
            request.Content.Headers.ContentEncoding.Add("gzip");
        using var response = await _client.SendAsync(request, cancellation);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellation);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            var isRetryable = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
                or HttpStatusCode.GatewayTimeout;
            var after = response.Headers.RetryAfter is { } retryAfter ? $" (Retry-After {retryAfter})" : "";
            return new SendResult(isRetryable ? SendOutcome.RefusedForNow : SendOutcome.Refused, $"{(int)response.StatusCode}{after} {Printable(answer)}");
        }

        // A full success has an empty body; anything in it is a partial success, which says that some span was not taken.
        return answer.Length == 0
            ? new SendResult(SendOutcome.Acknowledged, "200")
            : new SendResult(SendOutcome.Refused, $"200 with a partial success: {Printable(answer)}");
    }

    async Task<SendResult> SendGrpcAsync(Uri address, byte[] message, bool isCompressed, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Frame(isCompressed ? Gzip(message) : message, isCompressed)),
        };
        request.Headers.TE.ParseAdd("trailers");
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        if (isCompressed)
            request.Headers.Add("grpc-encoding", "gzip");
        using var response = await _client.SendAsync(request, cancellation);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellation);
        var status = Header(response, "grpc-status");
        if (status == "0")
        {
            return answer is [0, 0, 0, 0, 0]
                ? new SendResult(SendOutcome.Acknowledged, "0")
                : new SendResult(SendOutcome.Refused, $"0 with a partial success: {Printable(answer)}");
        }

        if (status.Length == 0)
            return new SendResult(SendOutcome.Unanswered, $"HTTP {(int)response.StatusCode} without a grpc-status");
        var hasRetryInfo = Header(response, "grpc-status-details-bin").Length > 0;
        var isRetryable = int.Parse(status, CultureInfo.InvariantCulture) is 1 or 4 or 10 or 11 or 14 or 15 || (status == "8" && hasRetryInfo);
        return new SendResult(isRetryable ? SendOutcome.RefusedForNow : SendOutcome.Refused, $"grpc-status {status} {Header(response, "grpc-message")}");
    }

    static string Header(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var trailers) ? trailers.First()
        : response.Headers.TryGetValues(name, out var headers) ? headers.First() : "";

    static byte[] Frame(byte[] message, bool isCompressed)
    {
        var frame = new byte[5 + message.Length];
        frame[0] = isCompressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    static byte[] Gzip(byte[] message)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(message);
        return target.ToArray();
    }

    static string Printable(byte[] answer) => string.Concat(answer.Take(300).Select(octet => octet is >= 0x20 and < 0x7F ? (char)octet : '·'));
}
