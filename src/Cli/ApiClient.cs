using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Clew.Model;
using Clew.Otlp;

namespace Clew.Cli;

/// <summary>Asks a running server over its HTTP API.</summary>
internal sealed class ApiClient : IDisposable
{
    /// <summary>Names the server when no option does.</summary>
    public const string ServerVariable = "CLEW_SERVER";

    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    readonly HttpClient _http;

    /// <exception cref="CommandFailedException"><paramref name="server"/> is not the URL of a server.</exception>
    public ApiClient(string server)
    {
        var text = server.Contains("://", StringComparison.Ordinal) ? server : "http://" + server;
        if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw new CommandFailedException($"'{server}' is not the URL of a server; expected one such as http://127.0.0.1:16686.");
        _http = new HttpClient { BaseAddress = url, Timeout = Timeout };
    }

    /// <exception cref="CommandFailedException">There is no such trace, or no server.</exception>
    public async Task<Trace> GetTraceAsync(TraceId id, CancellationToken cancellation)
    {
        var answer = await GetAsync($"api/clew/v1/traces/{id}", cancellation);
        var batch = new SpanBatch();
        var limits = new OtlpLimits { NestingMax = OtlpLimits.NestingBound, SpanCountMax = int.MaxValue, ResourceCountMax = int.MaxValue, ScopeCountMax = int.MaxValue };
        if (!ExportRequestJsonReader.TryRead(answer, limits, batch, out _, out var error))
            throw new CommandFailedException($"{_http.BaseAddress} answered with something other than a trace: {error}");
        return Trace.Assemble(id, batch, CopiesLeftOut(answer));
    }

    /// <summary>The answer as it came: JSON.</summary>
    /// <param name="query">Names and values of query parameters.</param>
    /// <exception cref="CommandFailedException">The server refuses a parameter, or there is none.</exception>
    public Task<byte[]> SearchAsync(IEnumerable<(string Name, string Value)> query, CancellationToken cancellation) =>
        GetAsync("api/clew/v1/search?" + string.Join('&', query.Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value)}")), cancellation);

    /// <summary>Asks an endpoint of Clew's API.</summary>
    /// <param name="endpoint">Its path below <c>/api/clew/v1/</c>.</param>
    /// <param name="query">Names and values of query parameters; those without a value are left out.</param>
    /// <returns>The answer as it came: JSON.</returns>
    /// <exception cref="QueryRefusedException">The server does not understand the query.</exception>
    /// <exception cref="CommandFailedException">The server refuses a parameter, or there is none.</exception>
    public Task<byte[]> AskAsync(string endpoint, IEnumerable<(string Name, string? Value)> query, CancellationToken cancellation)
    {
        var given = query.Where(pair => pair.Value is not null).Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value!)}");
        return GetAsync($"api/clew/v1/{endpoint}?{string.Join('&', given)}", cancellation);
    }

    /// <summary>The names of all services that have sent spans.</summary>
    /// <exception cref="CommandFailedException">There is no server.</exception>
    public async Task<IReadOnlyList<string>> GetServicesAsync(CancellationToken cancellation)
    {
        using var answer = JsonDocument.Parse(await GetAsync("api/clew/v1/services", cancellation));
        return [.. answer.RootElement.GetProperty("services").EnumerateArray().Select(service => service.GetString()!)];
    }

    /// <summary>Listens to the spans that a query matches, as they come in.</summary>
    /// <param name="opened">Called once the server has taken the query.</param>
    /// <param name="take">Given each event; says whether it wants another.</param>
    /// <exception cref="QueryRefusedException">The server does not understand the query.</exception>
    /// <exception cref="CommandFailedException">The server refuses the query, there is none, or it has stopped.</exception>
    public async Task TailAsync(string query, Action opened, Func<SseItem<string>, bool> take, CancellationToken cancellation)
    {
        using var response = await OpenAsync($"api/clew/v1/tail?q={Uri.EscapeDataString(query)}", HttpCompletionOption.ResponseHeadersRead, cancellation);
        opened();
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        await using var items = SseParser.Create(stream).EnumerateAsync(cancellation).GetAsyncEnumerator(cancellation);
        while (await HasNextAsync(items))
        {
            if (!take(items.Current))
                return;
        }

        throw new CommandFailedException($"{_http.BaseAddress} has stopped.");
    }

    public void Dispose() => _http.Dispose();

    static async Task<bool> HasNextAsync(IAsyncEnumerator<SseItem<string>> items)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (IOException)
        {
            // A connection that breaks is as one that ends in order: nothing comes any more.
            return false;
        }
    }

    async Task<byte[]> GetAsync(string path, CancellationToken cancellation)
    {
        using var response = await OpenAsync(path, HttpCompletionOption.ResponseContentRead, cancellation);
        return await response.Content.ReadAsByteArrayAsync(cancellation);
    }

    async Task<HttpResponseMessage> OpenAsync(string path, HttpCompletionOption completion, CancellationToken cancellation)
    {
        try
        {
            var response = await _http.GetAsync(new Uri(path, UriKind.Relative), completion, cancellation);
            if (response.StatusCode == HttpStatusCode.OK)
                return response;
            using (response)
            {
                throw Refused(await response.Content.ReadAsByteArrayAsync(cancellation))
                    ?? new CommandFailedException($"{_http.BaseAddress} answered {(int)response.StatusCode} {response.ReasonPhrase}; is it a Clew server?");
            }
        }
        catch (HttpRequestException unreachable)
        {
            throw new CommandFailedException(
                $"no answer from {_http.BaseAddress} ({unreachable.InnerException?.Message ?? unreachable.Message}); start a server with 'clew serve', or name another with --server URL.");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandFailedException($"no answer from {_http.BaseAddress} within {Timeout.TotalSeconds:0} s; ask for less, or name another server with --server URL.");
        }
    }

    // {"identicalCopiesLeftOut":2,"resourceSpans":[…]}: the first field where there is one.
    static int CopiesLeftOut(byte[] answer)
    {
        var reader = new Utf8JsonReader(answer);
        return reader.Read() && reader.Read() && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("identicalCopiesLeftOut"u8)
            && reader.Read() && reader.TryGetInt32(out var count) ? count : 0;
    }

    // {"error":{"message":"…","parameter":"…"}}; of a query with reason, line and column.
    static CommandFailedException? Refused(byte[] body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            var error = answer.RootElement.GetProperty("error");
            var message = error.GetProperty("message").GetString()!;
            return error.TryGetProperty("reason", out var reason)
                ? new QueryRefusedException(message, reason.GetString()!, error.GetProperty("line").GetInt32(), error.GetProperty("column").GetInt32())
                : new CommandFailedException(message);
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
