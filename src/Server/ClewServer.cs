using System.Reflection;
using Clew.Collector;
using Clew.Collector.Metrics;
using Clew.Model;
using Clew.Otlp;
using Clew.Server.Api;
using Clew.Server.Api.Tail;
using Clew.Server.Grpc;
using Clew.Server.Health;
using Clew.Server.Hosting;
using Clew.Server.Jaeger;
using Clew.Server.Jaeger.Performance;
using Clew.Server.Jaeger.V3;
using Clew.Server.Queries;
using Clew.Server.Receivers;
using Clew.Server.Tempo;
using Clew.Server.Tempo.Streaming;
using Clew.Server.WebUi;
using Clew.Server.Zipkin;
using Clew.Storage;
using Clew.TraceQL;
using Clew.TraceQL.Tags;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Clew.Server;

/// <summary>A running server: receivers, queries, UI, health and metrics on one store.</summary>
public sealed class ClewServer : IAsyncDisposable
{
    // Requests at hand get this long to finish; nothing acknowledged depends on it.
    static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    readonly ITraceStore _store;
    readonly TimeProvider _time;
    readonly List<Listener> _listeners = [];

    // Cancelled for answers that would go on for ever.
    readonly CancellationTokenSource _stopping = new();
    volatile bool _isStopping;
    bool _isStopped;

    ClewServer(ITraceStore store, TimeProvider time)
    {
        _store = store;
        _time = time;
    }

    /// <summary>This program's version, as in <c>0.1.0</c>.</summary>
    public static string Version { get; } =
        typeof(ClewServer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    /// <summary>Where it listens, with the ports it really got: <c>listen.otlp_grpc</c>, <c>listen.otlp_http</c>, <c>listen.ui</c>, <c>listen.jaeger_grpc</c>, <c>listen.zipkin</c>, <c>listen.tempo</c>.</summary>
    public IReadOnlyList<BoundEndpoint> Endpoints { get; private set; } = [];

    public BoundEndpoint OtlpGrpc => Endpoint("listen.otlp_grpc");

    public BoundEndpoint OtlpHttp => Endpoint("listen.otlp_http");

    public BoundEndpoint Ui => Endpoint("listen.ui");

    public BoundEndpoint JaegerGrpc => Endpoint("listen.jaeger_grpc");

    public BoundEndpoint Zipkin => Endpoint("listen.zipkin");

    public BoundEndpoint Tempo => Endpoint("listen.tempo");

    /// <summary>What queries have together.</summary>
    internal QueryMemory Memory { get; private set; } = new(0);

    /// <summary>What Clew's own API has.</summary>
    internal IReadOnlyList<ApiEndpoint> ApiEndpoints { get; private set; } = [];

    /// <summary>Spans received since the start, every one of them durable.</summary>
    public long ReceivedSpanCount => _store.Statistics.AppendedSpanCount;

    /// <summary>Opens the store in <see cref="ClewOptions.DataFolder"/> and starts a server on it.</summary>
    /// <param name="log">Gets at most one warning or error a second; null for silence.</param>
    /// <exception cref="ArgumentException">The options have problems; the message lists them all.</exception>
    /// <exception cref="IOException">
    /// The folder cannot be used (<see cref="StoreFolderException"/>), is in use (<see cref="StoreLockedException"/>), was written by a newer version
    /// (<see cref="UnsupportedFormatException"/>), or an address cannot be listened on (<see cref="ListenException"/>). The message says what to do.
    /// </exception>
    public static async Task<ClewServer> StartAsync(
        ClewOptions options, ILogger? log = null, TimeProvider? time = null, CancellationToken cancellation = default)
    {
        ThrowIfProblems(options);
        AddressCheck.ThrowIfUnusable(options.Listen);
        var clock = time ?? TimeProvider.System;
        var serverLog = new ServerLog(log ?? NullLogger.Instance, clock);
        var store = await TraceStore.OpenAsync(options.Storage, options.DataFolder, clock, serverLog.Write, cancellation: cancellation);
        return await StartAsync(options, store, serverLog, clock, cancellation);
    }

    /// <summary>Starts a server on <paramref name="store"/>, which it owns from here on, also when this fails.</summary>
    /// <param name="log">Gets at most one warning or error a second; null for silence.</param>
    /// <exception cref="ArgumentException">The options have problems; the message lists them all.</exception>
    /// <exception cref="ListenException">An address cannot be listened on.</exception>
    public static Task<ClewServer> StartAsync(
        ClewOptions options, ITraceStore store, ILogger? log = null, TimeProvider? time = null, CancellationToken cancellation = default)
    {
        var clock = time ?? TimeProvider.System;
        return StartAsync(options, store, new ServerLog(log ?? NullLogger.Instance, clock), clock, cancellation);
    }

    static async Task<ClewServer> StartAsync(ClewOptions options, ITraceStore store, ServerLog log, TimeProvider time, CancellationToken cancellation)
    {
        var server = new ClewServer(store, time);
        try
        {
            ThrowIfProblems(options);
            server.Compose(options, log);
            foreach (var listener in server._listeners)
                await listener.StartAsync(cancellation);
            server.Endpoints = [.. server._listeners.Select(listener => listener.Endpoint)];
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Refuses new requests, lets those at hand finish, closes the store. Everything acknowledged is durable before and after.</summary>
    public async Task StopAsync()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        _isStopping = true;
        await _stopping.CancelAsync();
        using (var patience = new CancellationTokenSource(StopPatience, _time))
            await Task.WhenAll(_listeners.Select(listener => listener.StopAsync(patience.Token)));
        foreach (var listener in _listeners)
            await listener.DisposeAsync();
        await _store.DisposeAsync();
        _stopping.Dispose();
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    static void ThrowIfProblems(ClewOptions options)
    {
        var problems = options.Problems().ToArray();
        if (problems.Length > 0)
            throw new ArgumentException(string.Join(Environment.NewLine, problems), nameof(options));
    }

    void Compose(ClewOptions options, ServerLog log)
    {
        var limits = options.Limits;
        var registry = new MetricRegistry();
        var metrics = new IngestMetrics(registry);
        var budget = new IngestBudget(limits.InFlightBytesMax, limits.ConcurrentRequestsMax);
        var pipeline = new Pipeline(_store, budget, new IngestLimits(limits.RequestBytesMax, limits.RetryAfter, limits.Decoding), metrics, _time);
        var gate = new QueryGate(limits.ConcurrentQueriesMax, registry, _time);
        var memory = Memory = new QueryMemory(options.Query.MemoryBytesTotalMax);
        var traces = new WholeTraces(_store, options.Query, memory);
        ServerMetrics.AddBudget(registry, budget);
        ServerMetrics.AddQueries(registry, memory, traces);
        ServerMetrics.AddStore(registry, _store);
        ServerMetrics.AddProcess(registry);

        var calls = new GrpcCalls(budget, log, _time);
        var otlpHealth = new GrpcHealth("opentelemetry.proto.collector.trace.v1.TraceService", () => _store.Statistics.Trouble.Length == 0);
        var grpc = new OtlpGrpcReceiver(pipeline, calls, otlpHealth, () => OtlpHttp.Address);
        var cors = new CorsPolicy(options.Cors.AllowedOrigins);
        var http = new OtlpHttpReceiver(pipeline, cors, () => OtlpGrpc.Address);
        var hosts = new AllowedHosts(options.Listen.AllowedHosts);
        var graphs = new GraphTurn();
        var dependencies = new Dependencies(_store, gate, graphs);
        var candidates = new CandidateSearch(_store, traces, options.Query, _time);
        var finder = new TraceFinder(_store, candidates);
        var jaegerV3 = new QueryService(_store, traces, finder, options.Query, dependencies);
        var ui = new UiPort(
            hosts,
            metrics.Garbage,
            ComposeApi(options.Query, gate, traces, memory, pipeline.Tap),
            new JaegerApi(
                _store, traces, finder, options.Query, gate, dependencies, new PerformanceEndpoint(new TraceQLEngine(_store, _time, memory), options.Query, _time), pipeline, _time),
            new QueryServiceHttp(jaegerV3, options.Query, gate),
            new HealthEndpoints(_store, budget, options.DataFolder, () => _isStopping),
            new MetricsEndpoint(registry),
            new WebUiFiles(typeof(ClewServer).Assembly));
        var zipkin = new ZipkinPort(
            hosts, metrics.Garbage, new ZipkinReceiver(pipeline, cors), new ZipkinApi(_store, traces, candidates, options.Query, gate, graphs, _time), new MetricsEndpoint(registry),
            _store, options.Query, Version, () => Ui);

        var grpcPreface = new GrpcPortPreface(
            "otlp_grpc", "OTLP over gRPC", () => $"Send OTLP over HTTP to {OtlpHttp.Address}v1/traces: OTEL_EXPORTER_OTLP_ENDPOINT={OtlpHttp.Address}.",
            metrics.Garbage, log, limits, _time);
        Add("otlp_grpc", options.Listen.OtlpGrpc, HttpProtocols.Http2, grpcPreface, grpc.HandleAsync);
        Add("otlp_http", options.Listen.OtlpHttp, HttpProtocols.Http1, HttpPreface("otlp_http", "OTLP/HTTP"), http.HandleAsync);
        Add("ui", options.Listen.Ui, HttpProtocols.Http1, HttpPreface("ui", "UI and query", () => $" Jaeger's query API over gRPC is at {JaegerGrpc.Address}."), ui.HandleAsync);
        Add("zipkin", options.Listen.Zipkin, HttpProtocols.Http1, HttpPreface("zipkin", "Zipkin"), zipkin.HandleAsync);

        // Jaeger's clients look for gRPC on a port of its own.
        var queries = new QueryServiceGrpc(jaegerV3, options.Query, gate);
        var health = new GrpcHealth(QueryServiceGrpc.ServiceName, () => !_isStopping);
        var jaegerGrpc = new GrpcPort(
            "jaeger_grpc", () => $"This port serves {QueryServiceGrpc.ServiceName}; the same over HTTP is at {Ui.Address}api/v3.",
            new Dictionary<string, GrpcMethod>(queries.Methods) { [GrpcHealth.CheckMethod] = health.CheckAsync }, calls, metrics.Garbage);
        var jaegerPreface = new GrpcPortPreface(
            "jaeger_grpc", "Jaeger's query API over gRPC", () => $"The same over HTTP is at {Ui.Address}api/v3.", metrics.Garbage, log, limits, _time);
        Add("jaeger_grpc", options.Listen.JaegerGrpc, HttpProtocols.Http2, jaegerPreface, jaegerGrpc.HandleAsync);

        // Grafana speaks HTTP/1.1 and gRPC to one and the same address.
        var tempo = new TempoQueries(traces, new TraceQLEngine(_store, _time, memory), new TagSearch(_store, _time, memory), options.Query);
        var tempoStreams = new StreamingQuerier(tempo, gate);
        var tempoHealth = new GrpcHealth(StreamingQuerier.ServiceName, () => !_isStopping);
        var tempoGrpc = new GrpcPort(
            TempoPort.Name, () => $"This port serves {StreamingQuerier.ServiceName}, and Tempo's API over HTTP.",
            new Dictionary<string, GrpcMethod>(tempoStreams.Methods) { [GrpcHealth.CheckMethod] = tempoHealth.CheckAsync }, calls, metrics.Garbage);
        var tempoApi = new TempoApi(tempo, gate, new MetricsEndpoint(registry), () => _isStopping, _time, Version);
        var tempoPort = new TempoPort(hosts, metrics.Garbage, tempoApi, tempoGrpc);
        Add(TempoPort.Name, options.Listen.Tempo, HttpProtocols.Http1AndHttp2, new MixedPortPreface(TempoPort.Name, "Tempo API", metrics.Garbage, log, limits, _time), tempoPort.HandleAsync);

        HttpPortPreface HttpPreface(string port, string name, Func<string>? grpcQueries = null) =>
            new(port, name, () => OtlpGrpc.Address, metrics.Garbage, log, limits, _time, grpcQueries);
        void Add(string port, string address, HttpProtocols protocols, ConnectionPreface preface, RequestDelegate handler) => _listeners.Add(new Listener(
            "listen." + port, address, protocols, limits, preface, handler, log, new KestrelLog(port, metrics.Garbage), metrics.Garbage.With(port, "client_gone")));
    }

    ClewApi ComposeApi(QueryOptions options, QueryGate gate, WholeTraces traces, QueryMemory memory, IngestTap tap)
    {
        var engine = new TraceQLEngine(_store, _time, memory);
        var tags = new TagSearch(_store, _time, memory);
        var names = new NameHints(_store, tags);
        ApiEndpoints =
        [
            .. new NameEndpoints(_store).All,
            .. new Api.SearchEndpoint(_store, traces, engine, names, options).All,
            .. new TraceEndpoint(_store, traces).All,
            .. new SeriesEndpoints(engine, names, options, _time).All,
            .. new FacetsEndpoint(engine, options, _time).All,
            .. new TailEndpoint(tap, _time, _stopping.Token).All,
            .. new AttributeEndpoints(_store, tags, options).All,
            .. new TranslateEndpoint().All,
            .. new OpenApiEndpoint().All,
            .. new StatusEndpoint(_store, Version, () => (OtlpGrpc, OtlpHttp, Zipkin)).All,
        ];
        return new ClewApi(gate, ApiEndpoints);
    }

    BoundEndpoint Endpoint(string key) => Endpoints.First(endpoint => endpoint.Key == key);
}
