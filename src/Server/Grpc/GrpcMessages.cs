using Clew.Otlp;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Grpc;

/// <summary>The messages of one answer, each sent as it is written.</summary>
internal sealed class GrpcMessages(HttpResponse response, TimeProvider time)
{
    /// <summary>An answer that can be cut is cut into messages no longer than this: clients take up to 4 MiB unless told otherwise.</summary>
    public const int BytesMax = 2 << 20;

    // Whoever answers holds a place among the queries; a client that stops reading must not hold it for ever.
    static readonly TimeSpan StallMax = TimeSpan.FromSeconds(30);

    public bool IsEmpty { get; private set; } = true;

    /// <summary>Sends one message, and waits while the client takes no more: flow control bounds what waits in memory.</summary>
    /// <exception cref="ConnectionAbortedException">The client has taken nothing for half a minute.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        IsEmpty = false;
        GrpcAnswer.WriteMessage(response, payload.Span);
        using var stalled = new CancellationTokenSource(StallMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stalled.Token);
        try
        {
            await response.BodyWriter.FlushAsync(either.Token);
        }
        catch (OperationCanceledException waiting) when (stalled.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new ConnectionAbortedException($"The client has not read its answer for {StallMax.TotalSeconds} s.", waiting);
        }
    }

    /// <summary>As <see cref="WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>, of a message that <paramref name="write"/> puts into a pooled buffer.</summary>
    public async ValueTask WriteAsync(Action<PooledBuffer> write, CancellationToken cancellation)
    {
        using var payload = new PooledBuffer();
        write(payload);
        await WriteAsync(payload.WrittenMemory, cancellation);
    }
}
