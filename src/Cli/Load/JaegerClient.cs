using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Clew.Model;

namespace Clew.Cli.Load;

/// <summary>Asks Jaeger's query API, one question at a time. Latency is until the last byte of the answer; reading it comes after.</summary>
internal sealed class JaegerClient : IDisposable
{
    /// <summary>What to say when an address is not that of the API.</summary>
    public const string AddressExpected = "expected the address of Jaeger's query API, such as http://127.0.0.1:16686, or none.";

    const int ProblemLengthMax = 200;
    static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);
    readonly HttpClient _http;

    /// <param name="address">Of the API's host; <c>api/…</c> is added to it.</param>
    public JaegerClient(Uri address) => _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null })
    {
        BaseAddress = new Uri(address.AbsoluteUri.TrimEnd('/') + "/"), Timeout = AnswerTimeout,
    };

    public Uri Address => _http.BaseAddress!;

    /// <summary>Whether somebody answers as Jaeger's query API does.</summary>
    /// <returns>Empty, or why not.</returns>
    public async Task<string> FindProblemAsync(CancellationToken cancellation)
    {
        var answer = await AskAsync("api/services", cancellation);
        return answer.Problem.Length > 0 ? answer.Problem : answer.Json is { } json && json.TryGetProperty("data", out _) ? "" : "it does not answer as Jaeger's query API does";
    }

    /// <returns>An answer without JSON when there is no such trace.</returns>
    public Task<JaegerAnswer> FindTraceAsync(TraceId id, CancellationToken cancellation) => AskAsync($"api/traces/{id}", cancellation);

    /// <param name="path">With its query, as in <c>api/traces?service=x</c>.</param>
    public async Task<JaegerAnswer> AskAsync(string path, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            using var response = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellation);
            var body = await response.Content.ReadAsByteArrayAsync(cancellation);
            var latency = Stopwatch.GetElapsedTime(began);
            if (response.StatusCode == HttpStatusCode.NotFound)
                return new JaegerAnswer(null, latency, body.Length, "");
            if (!response.IsSuccessStatusCode)
            {
                var text = Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, ProblemLengthMax)));
                return new JaegerAnswer(null, latency, body.Length, $"{(int)response.StatusCode} {response.ReasonPhrase}: {text}");
            }

            using var json = JsonDocument.Parse(body);
            return new JaegerAnswer(json.RootElement.Clone(), latency, body.Length, "");
        }
        catch (JsonException other)
        {
            return new JaegerAnswer(null, Stopwatch.GetElapsedTime(began), 0, $"not JSON: {other.Message}");
        }
        catch (HttpRequestException unreachable)
        {
            return new JaegerAnswer(null, Stopwatch.GetElapsedTime(began), 0, unreachable.InnerException?.Message ?? unreachable.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new JaegerAnswer(null, Stopwatch.GetElapsedTime(began), 0, $"no answer within {AnswerTimeout.TotalSeconds:0} s");
        }
    }

    public void Dispose() => _http.Dispose();
}
