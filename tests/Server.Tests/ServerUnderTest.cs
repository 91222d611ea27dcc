using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Clew.Server.Tests;

/// <summary>A server of this process on ports of the system's choice, and clients for them.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    readonly ClewServer _server;

    ServerUnderTest(ClewServer server, MemoryStore store, RecordingLog log)
    {
        _server = server;
        Store = store;
        Log = log;
    }

    public MemoryStore Store { get; }

    public RecordingLog Log { get; }

    public ClewServer Server => _server;

    public Uri Grpc => _server.OtlpGrpc.Address;

    public Uri Http => _server.OtlpHttp.Address;

    public Uri JaegerGrpc => _server.JaegerGrpc.Address;

    public Uri Ui => _server.Ui.Address;

    public Uri Zipkin => _server.Zipkin.Address;

    public Uri Tempo => _server.Tempo.Address;

    /// <summary>HTTP/1.1 to any port; adds no header of its own.</summary>
    public HttpClient Client { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None });

    public static ListenOptions FreePorts { get; } = new() { OtlpGrpc = "127.0.0.1:0", OtlpHttp = "127.0.0.1:0", Ui = "127.0.0.1:0", JaegerGrpc = "127.0.0.1:0", Zipkin = "127.0.0.1:0", Tempo = "127.0.0.1:0" };

    public static Task<ServerUnderTest> StartAsync(LimitsOptions? limits = null, Func<ClewOptions, ClewOptions>? change = null, TimeProvider? time = null)
    {
        var options = new ClewOptions { Listen = FreePorts, Limits = limits ?? new LimitsOptions(), DataFolder = Path.GetTempPath() };
        return StartAsync(change is null ? options : change(options), time);
    }

    static async Task<ServerUnderTest> StartAsync(ClewOptions options, TimeProvider? time)
    {
        var store = new MemoryStore();
        var log = new RecordingLog();
        return new ServerUnderTest(await ClewServer.StartAsync(options, store, log, time), store, log);
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> GetJsonAsync(string path)
    {
        using var answer = await Client.GetAsync(new Uri(Ui, path));
        return (answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync()));
    }

    /// <summary>Asks the port of Tempo's API.</summary>
    public async Task<(HttpStatusCode Status, string Type, byte[] Body)> GetTempoAsync(string path, string accept = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Tempo, path));
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await Client.SendAsync(request);
        Assert.True(answer.StatusCode != HttpStatusCode.InternalServerError, string.Join('\n', Log.Lines));
        return (answer.StatusCode, answer.Content.Headers.ContentType?.ToString() ?? "", await answer.Content.ReadAsByteArrayAsync());
    }

    /// <summary>The value of one sample of <c>/metrics</c>, such as <c>clew_garbage_total{port="ui",reason="tls"}</c>; 0 when it is not there.</summary>
    public async Task<double> MetricAsync(string sample)
    {
        var text = await Client.GetStringAsync(new Uri(Ui, "/metrics"));
        var line = text.Split('\n').FirstOrDefault(line => line.StartsWith(sample + " ", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line[(sample.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Sends bytes over a bare socket and reads until the server closes.</summary>
    /// <param name="isDone">Whether the client says that it has nothing more to send; a server may then forgo its answer.</param>
    public static async Task<byte[]> SendRawAsync(Uri address, byte[] bytes, bool isDone = true)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, deadline.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(bytes, deadline.Token);
        if (isDone)
            client.Client.Shutdown(SocketShutdown.Send);
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, deadline.Token);
        }
        catch (IOException reset) when (reset.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            // A server may also close by resetting.
            return answer.ToArray();
        }

        return answer.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        Store.Release();
        Store.ReleaseReads();
        Client.Dispose();
        await _server.DisposeAsync();
    }

    internal sealed class RecordingLog : ILogger
    {
        readonly Lock _changing = new();
        readonly List<(LogLevel Level, string Text)> _lines = [];

        public IReadOnlyList<(LogLevel Level, string Text)> Lines
        {
            get
            {
                lock (_changing)
                    return [.. _lines];
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_changing)
                _lines.Add((logLevel, formatter(state, exception)));
        }
    }
}
