using System.Net;
using System.Text.Json;
using Clew.Model;

namespace Clew.Server.Tests;

/// <summary>Three traces of November 2023, ten seconds apart, asked through Tempo's API.</summary>
internal static class TempoSample
{
    /// <summary>2023-11-14T22:13:20Z.</summary>
    public const ulong Start = StartSeconds * Second;

    public const ulong StartSeconds = 1_700_000_000;

    const ulong Second = 1_000_000_000, Milli = 1_000_000;

    public static TraceId One { get; } = new(0, 0xA1);

    public static TraceId Two { get; } = new(0xB0, 2);

    public static TraceId Three { get; } = new(7, 3);

    /// <summary>Trace 1: shop → stock, an error, one span sent twice. Trace 2: shop alone, slow. Trace 3: an orphan of an odd service.</summary>
    public static SpanBatch Batch { get; } = new Spans()
        .Service("shop", ("zone", "eu"))
        .Scope("web", "1.2")
        .Span(
            0x11, start: Start, end: Start + 9 * Milli, name: "GET /cart", trace: One, kind: SpanKind.Server,
            attributes: [("http.status_code", 200), ("cached", true), ("ratio", 0.5), ("a b/c", "x y"), ("bytes", new byte[] { 1, 2 }), ("list", new object?[] { "p", "q" })])
        .Service("stock")
        .Event(Start + 3 * Milli, "retry", ("attempt", "2"))
        .Link(Two, 0x21, ("why", "again"))
        .Span(
            0x12, parent: 0x11, start: Start + 2 * Milli, end: Start + 5 * Milli, name: "reserve", trace: One, kind: SpanKind.Client, status: StatusCode.Error, message: "sold out",
            attributes: [("db.system", "postgres")])
        .Event(Start + 3 * Milli, "retry", ("attempt", "2"))
        .Link(Two, 0x21, ("why", "again"))
        .Span(
            0x12, parent: 0x11, start: Start + 2 * Milli, end: Start + 5 * Milli, name: "reserve", trace: One, kind: SpanKind.Client, status: StatusCode.Error, message: "sold out",
            attributes: [("db.system", "postgres")])
        .Service("shop", ("zone", "us"))
        .Span(0x21, start: Start + 10 * Second, end: Start + 12 * Second, name: "GET /cart", trace: Two, kind: SpanKind.Server, attributes: [("http.status_code", 500)])
        .Span(0x22, parent: 0x21, start: Start + 11 * Second, end: Start + 12 * Second, name: "render", trace: Two, kind: SpanKind.Internal)
        .Service("a/b c%")
        .Span(0x31, parent: 0x99, start: Start + 20 * Second, end: Start + 20 * Second + 1, name: "tick", trace: Three)
        .Batch;

    public static async Task<ServerUnderTest> StartAsync(LimitsOptions? limits = null, Func<ClewOptions, ClewOptions>? change = null)
    {
        var server = await ServerUnderTest.StartAsync(limits, change);
        await server.Store.AppendAsync(Batch, default);
        return server;
    }

    /// <summary>Asks a server of its own.</summary>
    public static async Task<(HttpStatusCode Status, string Type, byte[] Body)> GetAsync(string path, string accept = "application/json")
    {
        await using var server = await StartAsync();
        return await server.GetTempoAsync(path, accept);
    }

    public static async Task<JsonElement> GetJsonAsync(string path)
    {
        var (status, type, body) = await GetAsync(path);
        Assert.True(status == HttpStatusCode.OK, $"{path}: {status} {System.Text.Encoding.UTF8.GetString(body)}");
        Assert.Equal("application/json", type);
        return JsonElement.Parse(body);
    }

    /// <summary>Expects a refusal in plain text that says <paramref name="expected"/>.</summary>
    public static async Task AssertRefusedAsync(string path, HttpStatusCode status, string expected)
    {
        var answer = await GetAsync(path);
        var text = System.Text.Encoding.UTF8.GetString(answer.Body);
        Assert.Equal((status, "text/plain; charset=utf-8"), (answer.Status, answer.Type));
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.DoesNotContain("{\"", text, StringComparison.Ordinal);
    }
}
