using Clew.Otlp;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Grpc;

/// <summary>The messages of one answer, each sent as it is written.</summary>
internal sealed class GrpcMessages(HttpResponse response)
{
    public bool IsEmpty { get; private set; } = true;

    /// <summary>Sends one message, and waits while the client takes no more: flow control bounds what waits in memory.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        IsEmpty = false;
        GrpcAnswer.WriteMessage(response, payload.Span);
        await response.BodyWriter.FlushAsync(cancellation);
    }

    /// <summary>As <see cref="WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>, of a message that <paramref name="write"/> puts into a pooled buffer.</summary>
    public async ValueTask WriteAsync(Action<PooledBuffer> write, CancellationToken cancellation)
    {
        using var payload = new PooledBuffer();
        write(payload);
        await WriteAsync(payload.WrittenMemory, cancellation);
    }
}
