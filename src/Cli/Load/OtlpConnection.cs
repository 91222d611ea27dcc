using System.Net;

namespace Clew.Cli.Load;

/// <summary>One connection to a receiver, with one request in flight.</summary>
internal abstract class OtlpConnection : IDisposable
{
    const int ReasonLengthMax = 200;
    static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);

    protected HttpClient Http { get; } = new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = 1,
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        ActivityHeadersPropagator = null,
    })
    {
        Timeout = AnswerTimeout,
    };

    public static OtlpConnection To(LoadTarget target) => target.Protocol == LoadProtocol.Grpc ? new GrpcConnection(target.Endpoint) : new HttpConnection(target.Endpoint);

    /// <param name="frame">The header of a gRPC message, and an <c>ExportTraceServiceRequest</c>. Not to be changed before the answer is there.</param>
    public async Task<SendResult> SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellation)
    {
        try
        {
            return await ExportAsync(frame, cancellation);
        }
        catch (HttpRequestException lost)
        {
            return new SendResult(SendOutcome.Unanswered, 0, null, lost.InnerException?.Message ?? lost.Message);
        }
        catch (IOException lost)
        {
            return new SendResult(SendOutcome.Unanswered, 0, null, lost.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new SendResult(SendOutcome.Unanswered, 0, null, $"no answer within {AnswerTimeout.TotalSeconds:0} s");
        }
    }

    public void Dispose() => Http.Dispose();

    protected abstract Task<SendResult> ExportAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellation);

    /// <summary>One line of a length that a table can bear.</summary>
    protected static string Shorten(string reason)
    {
        var line = reason.ReplaceLineEndings(" ").Trim();
        return line.Length <= ReasonLengthMax ? line : line[..ReasonLengthMax] + "…";
    }
}
