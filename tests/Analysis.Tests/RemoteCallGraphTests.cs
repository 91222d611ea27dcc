using Clew.Model;

namespace Clew.Analysis.Tests;

public sealed class RemoteCallGraphTests
{
    static (string, object?)[] Peer(string name) => [("peer.service", name)];

    public static TheoryData<string, object, string> Traces => new()
    {
        {
            "a client and its server, with local spans between and above",
            new Spans().Service("a").Span(1, kind: SpanKind.Server).Span(2, parent: 1).Span(3, parent: 2, kind: SpanKind.Client, attributes: Peer("b's alias"))
                .Service("b").Span(4, parent: 3, kind: SpanKind.Server).Span(5, parent: 4),
            "a>b 1"
        },
        { "a client alone calls whom it names", new Spans().Service("a").Span(1, kind: SpanKind.Client, attributes: Peer("db")), "a>db 1" },
        { "a client alone that names nobody", new Spans().Service("a").Span(1, kind: SpanKind.Client), "" },
        { "a client over local spans", new Spans().Service("a").Span(1, kind: SpanKind.Client, attributes: Peer("db")).Span(2, parent: 1), "a>db 1" },
        { "a root server names its client", new Spans().Service("b").Span(1, kind: SpanKind.Server, attributes: Peer("browser")), "browser>b 1" },
        { "a root server that names nobody", new Spans().Service("b").Span(1, kind: SpanKind.Server), "" },
        { "a server whose client is missing", new Spans().Service("b").Span(1, parent: 9, kind: SpanKind.Server, attributes: Peer("a")), "a>b 1" },
        {
            "a shared span is one call, and an error of the server's",
            new Spans().Service("a").Span(1, kind: SpanKind.Client, attributes: Peer("b")).Service("b").Span(1, kind: SpanKind.Server, status: StatusCode.Error), "a>b 1/1"
        },
        {
            "calls within a service count",
            new Spans().Service("a").Span(1, kind: SpanKind.Client).Span(2, parent: 1, kind: SpanKind.Server), "a>a 1"
        },
        {
            "messages go through the broker",
            new Spans().Service("a").Span(1, kind: SpanKind.Producer, attributes: Peer("kafka")).Service("b").Span(2, parent: 1, kind: SpanKind.Consumer, attributes: Peer("kafka")),
            "a>kafka 1 kafka>b 1"
        },
        {
            "only the producer names the broker",
            new Spans().Service("a").Span(1, kind: SpanKind.Producer, attributes: Peer("kafka")).Service("b").Span(2, parent: 1, kind: SpanKind.Consumer), "a>kafka 1 kafka>b 1"
        },
        {
            "nobody names the broker",
            new Spans().Service("a").Span(1, kind: SpanKind.Producer).Service("b").Span(2, parent: 1, kind: SpanKind.Consumer, status: StatusCode.Error), "a>b 1/1"
        },
        { "a local span that names somebody", new Spans().Service("a").Span(1, attributes: Peer("cache")), "a>cache 1" },
        {
            "one client, two servers",
            new Spans().Service("a").Span(1, kind: SpanKind.Client).Service("b").Span(2, parent: 1, kind: SpanKind.Server).Span(3, parent: 1, kind: SpanKind.Server), "a>b 2"
        },
        {
            "a cycle ends",
            new Spans().Service("a").Span(1, parent: 2).Span(2, parent: 1).Service("b").Span(3, parent: 2, kind: SpanKind.Server).Span(4, parent: 4, kind: SpanKind.Server), ""
        },
    };

    [Theory, MemberData(nameof(Traces))]
    public async Task Calls_follow_from_kinds_and_named_peers(string what, object trace, string expected)
    {
        await using var store = new MemoryStore();
        await store.AppendAsync(((Spans)trace).Batch, default);
        var calls = await RemoteCallGraph.ReadAsync(store, TimeRange.All, default);
        var text = string.Join(' ', calls.Select(call => $"{call.Caller}>{call.Callee} {call.CallCount}{(call.ErrorCount > 0 ? $"/{call.ErrorCount}" : "")}"));
        Assert.True(expected == text, $"{what}: expected '{expected}', found '{text}'.");
    }

    [Fact]
    public async Task A_trace_that_was_sent_twice_counts_once_and_a_deep_one_is_no_trouble()
    {
        const int Depth = 100_000;
        await using var store = new MemoryStore();
        for (var round = 0; round < 2; round++)
            await store.AppendAsync(new Spans().Service("a").Span(1, kind: SpanKind.Client).Batch, default);
        var spans = new Spans().Service("b");
        for (var span = 2UL; span < Depth; span++)
            spans.Span(span, parent: span - 1);
        for (var server = 0UL; server < 1_000; server++)
            spans.Span(Depth + server, parent: Depth - 1, kind: SpanKind.Server);
        await store.AppendAsync(spans.Batch, default);
        Assert.Equal([new ServiceCall("a", "b", 1_000)], await RemoteCallGraph.ReadAsync(store, TimeRange.All, default));
    }

    public static TheoryData<SpanKind, (string, object?)[], string?> Peers => new()
    {
        { SpanKind.Client, [("db.name", "orders"), ("peer.service", "db")], "db" },
        { SpanKind.Client, [("db.name", "orders"), ("net.peer.name", "h")], "h" },
        { SpanKind.Producer, [("network.peer.port", 9092), ("network.peer.address", "10.0.0.1")], "10.0.0.1:9092" },
        { SpanKind.Client, [("network.peer.address", "10.0.0.1"), ("server.address", "s"), ("server.port", 80)], "s" },
        { SpanKind.Client, [("net.sock.peer.addr", "::1"), ("net.sock.peer.port", "53")], "::1:53" },
        { SpanKind.Client, [("peer.service", ""), ("peer.hostname", "h")], "h" },
        { SpanKind.Server, [("server.address", "own"), ("network.peer.address", "10.0.0.2")], null },
        { SpanKind.Server, [("peer.service", "browser")], "browser" },
        { SpanKind.Client, [("http.request.method", "GET")], null },
    };

    [Theory, MemberData(nameof(Peers))]
    public void The_first_attribute_of_rank_names_the_peer(SpanKind kind, (string, object?)[] attributes, string? expected)
    {
        var batch = new Spans().Service("a").Span(1, kind: kind, attributes: attributes).Span(2, kind: SpanKind.Client).Batch;
        Assert.Equal((expected, null), (new PeerNames(batch).NameOf(0), new PeerNames(batch).NameOf(1)));
    }
}
