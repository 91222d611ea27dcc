using System.Globalization;
using System.Text.Json;
using Clew.Server;
using Clew.Storage;

namespace Clew.Cli;

/// <summary>A server inside this process, and the line that says where to look.</summary>
internal static class RunningServer
{
    /// <exception cref="CommandFailedException">The folder or an address cannot be used; the message says what to do.</exception>
    public static async Task<ClewServer> StartAsync(ClewOptions options, CancellationToken cancellation)
    {
        try
        {
            return await ClewServer.StartAsync(options, new ConsoleLog(), TimeProvider.System, cancellation);
        }
        catch (Exception folder) when (folder is StoreFolderException or StoreLockedException)
        {
            throw new CommandFailedException($"{folder.Message} --data DIR names another folder.");
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(unusable.Message, unusable);
        }
    }

    /// <summary>Asks a server that another process runs on this machine where it receives spans over HTTP.</summary>
    /// <param name="ui">Its <c>listen.ui</c>.</param>
    /// <returns>Null when nobody answers there, or somebody else.</returns>
    public static async Task<string?> FindOtlpHttpAsync(string ui, CancellationToken cancellation)
    {
        var colon = ui.LastIndexOf(':');
        var host = ui[..colon] is "*" or "" or "0.0.0.0" or "[::]" ? "127.0.0.1" : ui[..colon];
        try
        {
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
            using var status = JsonDocument.Parse(await http.GetByteArrayAsync(new Uri($"http://{host}{ui[colon..]}/api/clew/v1/status"), cancellation));
            return status.RootElement.GetProperty("otlp").GetProperty("http").GetString();
        }
        catch (Exception other) when (other is HttpRequestException or TaskCanceledException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary><c>Clew is ready in 0.24 s: http://127.0.0.1:16686  (OTLP gRPC 127.0.0.1:4317, HTTP 127.0.0.1:4318, Zipkin 127.0.0.1:9411, Tempo 127.0.0.1:3200, Jaeger gRPC 127.0.0.1:16685, data ./clew-data)</c></summary>
    public static string ReadyLine(ClewServer server, ClewOptions options) =>
        $"Clew is ready in {CommandLine.Elapsed.TotalSeconds:0.00} s: {server.Ui.Address.GetLeftPart(UriPartial.Authority)}  "
        + $"(OTLP gRPC {server.OtlpGrpc.Address.Authority}, HTTP {server.OtlpHttp.Address.Authority}, Zipkin {server.Zipkin.Address.Authority}, "
        + $"Tempo {server.Tempo.Address.Authority}, Jaeger gRPC {server.JaegerGrpc.Address.Authority}, data {options.DataFolder})";

    /// <summary><c>Open to the network, without authentication: listen.ui *:16686</c>; null when only this machine can connect.</summary>
    public static string? OpenLine(ClewServer server)
    {
        var open = server.Endpoints.Where(endpoint => endpoint.IsEveryInterface || !endpoint.Address.IsLoopback)
            .Select(endpoint => $"{endpoint.Key} {(endpoint.IsEveryInterface ? $"*:{endpoint.Address.Port}" : endpoint.Address.Authority)}");
        return string.Join(", ", open) is { Length: > 0 } addresses ? $"Open to the network, without authentication: {addresses}" : null;
    }

    /// <summary>What to say when the end begins.</summary>
    public static string StoppingLine(ClewServer server) =>
        string.Create(CultureInfo.InvariantCulture, $"Stopping: {server.ReceivedSpanCount:N0} {(server.ReceivedSpanCount == 1 ? "span" : "spans")} received since the start, all flushed to disk.");
}
