using Clew.Model;

namespace Clew.Server.Tests;

/// <summary>Three traces of November 2023, ten seconds apart, for both translations of the query service.</summary>
internal static class JaegerV3Sample
{
    /// <summary>2023-11-14T22:13:20Z.</summary>
    public const ulong Start = 1_700_000_000_000_000_000;

    const ulong Second = 1_000_000_000, Milli = 1_000_000;

    public static TraceId One { get; } = new(0, 1);

    public static TraceId Two { get; } = new(0, 2);

    public static TraceId Three { get; } = new(7, 3);

    /// <summary>Trace 1: shop → stock, an error, one span sent twice. Trace 2: shop alone, slow. Trace 3: an orphan of an odd service.</summary>
    public static SpanBatch Batch { get; } = new Spans()
        .Service("shop", ("zone", "eu"))
        .Span(0x11, start: Start, end: Start + 9 * Milli, name: "GET /cart", trace: One, kind: SpanKind.Server, attributes: [("http.response.status_code", 200), ("cached", true)])
        .Service("stock")
        .Event(Start + 3 * Milli, "retry", ("attempt", "2"))
        .Link(Two, 0x21, ("why", "again"))
        .Span(0x12, parent: 0x11, start: Start + 2 * Milli, end: Start + 5 * Milli, name: "reserve", trace: One, kind: SpanKind.Client, status: StatusCode.Error, message: "sold out")
        .Event(Start + 3 * Milli, "retry", ("attempt", "2"))
        .Link(Two, 0x21, ("why", "again"))
        .Span(0x12, parent: 0x11, start: Start + 2 * Milli, end: Start + 5 * Milli, name: "reserve", trace: One, kind: SpanKind.Client, status: StatusCode.Error, message: "sold out")
        .Service("shop", ("zone", "us"))
        .Span(0x21, start: Start + 10 * Second, end: Start + 12 * Second, name: "GET /cart", trace: Two)
        .Span(0x22, parent: 0x21, start: Start + 11 * Second, end: Start + 12 * Second, name: "GET /cart", trace: Two, kind: SpanKind.Internal)
        .Service("a/b c%")
        .Span(0x31, parent: 0x99, start: Start + 20 * Second, end: Start + 20 * Second + 1, name: "tick", trace: Three)
        .Batch;

    /// <summary>Of one service. Trace 1: a span without a name. Trace 2: one that is called what Jaeger calls those. Trace 3: another.</summary>
    public static SpanBatch Unnamed { get; } = new Spans()
        .Span(0x11, start: Start, end: Start + Milli, name: "", trace: One)
        .Span(0x21, start: Start + Second, end: Start + Second + Milli, name: "empty-span-name", trace: Two)
        .Span(0x31, start: Start + 2 * Second, end: Start + 2 * Second + Milli, name: "tick", trace: Three)
        .Batch;

    public static async Task<ServerUnderTest> StartAsync(LimitsOptions? limits = null, Func<ClewOptions, ClewOptions>? change = null)
    {
        var server = await ServerUnderTest.StartAsync(limits, change);
        await server.Store.AppendAsync(Batch, default);
        return server;
    }
}
