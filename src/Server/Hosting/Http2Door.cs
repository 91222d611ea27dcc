using System.IO.Pipelines;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Clew.Server.Hosting;

/// <summary>Lets one port speak HTTP/1.1 and HTTP/2 without TLS: connections that begin with HTTP/2 go through it to a second endpoint of the same server.</summary>
/// <remarks>
/// Kestrel decides between the two by what TLS negotiated, and takes all that is cleartext for HTTP/1.1. So it listens twice: on the socket for HTTP/1.1, and, for HTTP/2, on
/// this, which accepts the connections that the first endpoint was to handle.
/// </remarks>
internal sealed class Http2Door(IConnectionListenerFactory sockets) : IConnectionListenerFactory, IConnectionListener
{
    readonly Channel<ConnectionContext> _waiting = Channel.CreateUnbounded<ConnectionContext>();

    /// <summary>The address of the second endpoint.</summary>
    public EndPoint EndPoint { get; } = new Address();

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        endpoint == EndPoint ? ValueTask.FromResult<IConnectionListener>(this) : sockets.BindAsync(endpoint, cancellationToken);

    /// <summary>Hands a connection over, and returns when it is done with.</summary>
    public Task PassAsync(ConnectionContext connection)
    {
        var passed = new Passed(connection);
        if (!_waiting.Writer.TryWrite(passed))
            connection.Abort(new ConnectionAbortedException("The server is stopping."));
        else
            return passed.Done;
        return Task.CompletedTask;
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _waiting.Reader.WaitToReadAsync(cancellationToken) && _waiting.Reader.TryRead(out var connection) ? connection : null;

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _waiting.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();

    sealed class Address : EndPoint
    {
        public override string ToString() => "http2";
    }

    // The socket's owner is the first endpoint: being done with it here only tells that one.
    sealed class Passed(ConnectionContext connection) : ConnectionContext
    {
        readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Done => _done.Task;

        public override string ConnectionId { get => connection.ConnectionId; set => connection.ConnectionId = value; }

        public override IFeatureCollection Features { get; } = new FeatureCollection(connection.Features);

        public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

        public override IDuplexPipe Transport { get; set; } = connection.Transport;

        public override CancellationToken ConnectionClosed { get => connection.ConnectionClosed; set => connection.ConnectionClosed = value; }

        public override EndPoint? LocalEndPoint { get => connection.LocalEndPoint; set => connection.LocalEndPoint = value; }

        public override EndPoint? RemoteEndPoint { get => connection.RemoteEndPoint; set => connection.RemoteEndPoint = value; }

        public override void Abort(ConnectionAbortedException abortReason) => connection.Abort(abortReason);

        public override ValueTask DisposeAsync()
        {
            _done.TrySetResult();
            return base.DisposeAsync();
        }
    }
}
