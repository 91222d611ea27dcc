using System.Net;
using System.Net.Sockets;
using Clew.Collector.Metrics;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Clew.Server.Hosting;

/// <summary>One port: Kestrel with our own application on it, and nothing in between. No host, no container, no routing: that is what starts in milliseconds.</summary>
internal sealed class Listener : IAsyncDisposable
{
    readonly KestrelServer _server;
    readonly HttpApplication _application;
    readonly string _key;
    readonly string _text;

    /// <param name="key">The configuration key of <paramref name="text"/>, the address.</param>
    /// <param name="preface">Looks at the first bytes of each connection before Kestrel does.</param>
    /// <param name="gone">Counts clients that left in the middle of a request.</param>
    public Listener(
        string key, string text, HttpProtocols protocols, LimitsOptions limits, ConnectionPreface preface, RequestDelegate handler, ServerLog log, ILoggerFactory kestrelLog, Counter gone)
    {
        _key = key;
        _text = text;
        _application = new HttpApplication(handler, log, gone);
        var options = Options(limits);
        if (!ListenAddress.TryParse(text, out var address))
            throw new ArgumentException($"{key} is '{text}', which is not host:port.", nameof(text));
        var transport = new Http2Door(new SocketTransportFactory(Microsoft.Extensions.Options.Options.Create(new SocketTransportOptions { Backlog = 1024 }), kestrelLog));
        var isMixed = protocols == HttpProtocols.Http1AndHttp2;
        if (address.Ip is null)
            options.ListenLocalhost(address.Port, Configure);
        else
            options.Listen(new IPEndPoint(address.Ip, address.Port), Configure);
        if (isMixed)
            options.Listen(transport.EndPoint, listen => listen.Protocols = HttpProtocols.Http2);
        _server = new KestrelServer(Microsoft.Extensions.Options.Options.Create(options), transport, kestrelLog);

        void Configure(Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions listen)
        {
            listen.Protocols = isMixed ? HttpProtocols.Http1 : protocols;
            listen.Use(next => connection => preface.OnConnectionAsync(connection, next, isMixed ? transport.PassAsync : null));
        }
    }

    /// <summary>The address, with the port it really got. Valid once started.</summary>
    public BoundEndpoint Endpoint
    {
        get
        {
            var bound = new Uri(_server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
            var isAny = IPAddress.TryParse(bound.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));
            return new BoundEndpoint(_key, isAny ? new UriBuilder(bound) { Host = "127.0.0.1" }.Uri : bound, isAny);
        }
    }

    /// <exception cref="ListenException">The address is taken, forbidden, or not one of this machine.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        try
        {
            await _server.StartAsync(_application, cancellation);
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            throw ListenException.Of(_key, _text, failure);
        }
    }

    /// <summary>Accepts nothing more, and waits for the requests at hand until <paramref name="cancellation"/>.</summary>
    public Task StopAsync(CancellationToken cancellation) => _server.StopAsync(cancellation);

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        return ValueTask.CompletedTask;
    }

    static KestrelServerOptions Options(LimitsOptions limits)
    {
        var options = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false, ApplicationServices = NoServices.Instance };
        options.Limits.MaxConcurrentConnections = limits.ConnectionsMax;
        options.Limits.KeepAliveTimeout = limits.IdleTimeout;
        options.Limits.RequestHeadersTimeout = limits.HeaderTimeout;
        options.Limits.MinRequestBodyDataRate = limits.BodyBytesPerSecondMin == 0 ? null : new MinDataRate(limits.BodyBytesPerSecondMin, TimeSpan.FromSeconds(5));

        // Bodies are counted as they are read, against a budget that all ports share.
        options.Limits.MaxRequestBodySize = null;

        // Large frames and windows let a client send a batch without waiting for window updates: twice the throughput.
        options.Limits.Http2.MaxFrameSize = 1 << 20;
        options.Limits.Http2.InitialStreamWindowSize = 2 << 20;
        options.Limits.Http2.InitialConnectionWindowSize = 8 << 20;
        options.Limits.Http2.MaxStreamsPerConnection = 256;
        return options;
    }

    sealed class NoServices : IServiceProvider
    {
        public static NoServices Instance { get; } = new();

        public object? GetService(Type serviceType) => null;
    }
}
