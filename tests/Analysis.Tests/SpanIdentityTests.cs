using Clew.Model;

namespace Clew.Analysis.Tests;

public sealed class SpanIdentityTests
{
    [Fact]
    public void A_server_span_with_its_clients_id_gets_one_of_its_own_and_takes_the_children_along()
    {
        var batch = new Spans()
            .Span(5, parent: 4, kind: SpanKind.Client).Span(5, parent: 4, kind: SpanKind.Server, name: "server").Span(6, parent: 5).Span(7, parent: 6).Batch;
        var trace = AdjustedTrace.Of(batch, 0);
        var server = trace.SpanIdOf(1);
        Assert.DoesNotContain(server.Value, (ulong[])[0, 4, 5, 6, 7]);
        Assert.Equal((5UL, 4UL), (trace.SpanIdOf(0).Value, trace.ParentIdOf(0).Value));
        Assert.Equal(5UL, trace.ParentIdOf(1).Value);
        Assert.Equal(server, trace.ParentIdOf(2));
        Assert.Equal(6UL, trace.ParentIdOf(3).Value);
    }

    [Fact]
    public void A_new_id_is_never_one_that_some_span_has_or_names()
    {
        var batch = new Spans().Span(1, kind: SpanKind.Client).Span(1, kind: SpanKind.Server, name: "server").Span(2, parent: 3).Span(4, parent: 1).Batch;
        var trace = AdjustedTrace.Of(batch, 0);
        Assert.Equal(5UL, trace.SpanIdOf(1).Value);
    }

    [Fact]
    public void Servers_that_share_an_id_with_nobody_keep_it()
    {
        var batch = new Spans().Span(1, kind: SpanKind.Client).Span(2, parent: 1, kind: SpanKind.Server).Span(2, parent: 1, kind: SpanKind.Server, name: "again").Batch;
        var trace = AdjustedTrace.Of(batch, 0);
        Assert.Equal([1UL, 2UL, 2UL], trace.Rows.Select(row => trace.SpanIdOf(row).Value));
    }

    [Fact]
    public void A_span_that_was_sent_twice_is_shown_once_and_one_that_differs_in_anything_is_not()
    {
        var batch = new Spans()
            .Service("a").Span(1, attributes: [("k", 1)]).Span(1, attributes: [("k", 2)]).Event(1, "e").Span(1, attributes: [("k", 1)])
            .Service("a").Span(1, attributes: [("k", 1)]).Service("b").Span(1, attributes: [("k", 1)]).Batch;
        Assert.Equal([0, 1, 2, 4], AdjustedTrace.Of(batch, 0).Rows);
        Assert.Equal([0, 1, 2, 3, 4], AdjustedTrace.Raw(batch).Rows);
    }
}
