namespace Clew.Model.Tests;

public sealed class TraceTests
{
    [Fact]
    public void A_whole_trace_is_one_tree_in_order_of_start()
    {
        var trace = Assemble(b => b.Span(3, parent: 1, start: 30).Span(1, start: 10).Span(4, parent: 2, start: 25).Span(2, parent: 1, start: 20));
        Assert.Equal("1(2(4) 3)", Print(trace));
        Assert.Equal(1, trace.FirstRoot);
    }

    [Fact]
    public void Orphans_and_several_roots_head_trees_of_their_own()
    {
        var trace = Assemble(b => b.Span(2, parent: 9, start: 5).Span(1, start: 10).Span(3, parent: 2, start: 20).Span(4, start: 30));
        Assert.Equal("2(3)? 1 4", Print(trace));
        Assert.Equal(SpanStanding.Orphan, trace.StandingOf(0));
        Assert.Equal(1, trace.FirstRoot);
    }

    [Fact]
    public void A_cycle_is_cut_at_its_earliest_span_and_loses_nobody()
    {
        var trace = Assemble(b => b.Span(1, parent: 3, start: 10).Span(2, parent: 1, start: 20).Span(3, parent: 2, start: 30).Span(4, parent: 4).Span(5, parent: 2, start: 1));
        Assert.Equal(5, trace.DepthFirst().Count());
        Assert.Equal(SpanStanding.Detached, trace.StandingOf(3));
        Assert.Single(Enumerable.Range(0, 3), row => trace.StandingOf(row) == SpanStanding.Detached);
    }

    [Fact]
    public void Duplicates_stay_beside_the_first_to_carry_the_id()
    {
        var trace = Assemble(b => b.Span(1, start: 10).Span(2, parent: 1, start: 20).Span(2, parent: 1, start: 20).Span(3, parent: 2, start: 25));
        Assert.Equal("1(2(3) 2=)", Print(trace));
        Assert.Equal(1, trace.DuplicateOf(2));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Every_span_appears_exactly_once_however_broken_the_claims(int seed)
    {
        var batches = new RandomBatches(seed);
        for (var turn = 0; turn < 200; turn++)
        {
            var source = batches.Next(60);
            foreach (var id in source.Spans.TraceIds.Values.ToArray().Distinct())
            {
                var copier = new SpanCopier(new SpanBatch());
                for (var row = 0; row < source.SpanCount; row++)
                {
                    if (source.Spans.TraceIds[row] == id)
                        copier.Copy(source, row);
                }

                var trace = Trace.Assemble(id, copier.Target);
                var rows = trace.DepthFirst().ToArray();
                Assert.Equal(Enumerable.Range(0, trace.SpanCount), rows.Select(row => row.Row).Order());
                Assert.All(rows, row => Assert.Equal(trace.ParentOf(row.Row) < 0, row.Depth == 0));
                Assert.Equal(trace.SpanCount, TraceSummary.Of(trace).Services.Sum(service => service.SpanCount));
            }
        }
    }

    [Fact]
    public void Spans_of_another_trace_are_a_mistake_of_the_caller() =>
        Assert.Throws<ArgumentException>(() => Trace.Assemble(new TraceId(2, 2), new BatchBuilder().Span(1).Batch));

    [Fact]
    public void A_summary_names_the_root_and_counts_by_service()
    {
        var batch = new BatchBuilder().Service("web").Span(1, start: 10, end: 100, name: "GET /").Service("db")
            .Span(2, parent: 1, start: 20, end: 150, status: StatusCode.Error).Span(3, parent: 8, start: 30, end: 40).Batch;
        var summary = TraceSummary.Of(Trace.Assemble(BatchBuilder.TraceOne, batch));
        Assert.Equal(("web", "GET /"), (summary.RootService, summary.RootName));
        Assert.Equal((10UL, 140UL), (summary.Start.Value, summary.DurationNanos));
        Assert.Equal((3, 1, 1), (summary.SpanCount, summary.ErrorCount, summary.OrphanCount));
        Assert.Equal([new("db", 2, 1), new("web", 1, 0)], summary.Services);
    }

    [Fact]
    public void A_span_without_a_start_time_does_not_make_its_trace_begin_in_1970()
    {
        var summary = TraceSummary.Of(Assemble(trace => trace.Span(1, start: 10, end: 100).Span(2, parent: 1, start: 0, end: 0)));
        Assert.Equal((10UL, 90UL), (summary.Start.Value, summary.DurationNanos));
        var timeless = TraceSummary.Of(Assemble(trace => trace.Span(1, start: 0, end: 50)));
        Assert.Equal((0UL, 0UL), (timeless.Start.Value, timeless.DurationNanos));
    }

    [Fact]
    public void A_chain_of_a_hundred_thousand_spans_does_not_overflow_the_stack()
    {
        var builder = new BatchBuilder();
        for (var id = 1UL; id <= 100_000; id++)
            builder.Span(id, parent: id - 1, start: id);
        var trace = Trace.Assemble(BatchBuilder.TraceOne, builder.Batch);
        Assert.Equal(99_999, trace.DepthFirst().Max(row => row.Depth));
    }

    static Trace Assemble(Action<BatchBuilder> build)
    {
        var builder = new BatchBuilder();
        build(builder);
        return Trace.Assemble(BatchBuilder.TraceOne, builder.Batch);
    }

    /// <summary>Ids in waterfall order, children in parentheses; "?" marks an orphan, "=" a duplicate, "@" a span cut loose.</summary>
    static string Print(Trace trace)
    {
        return string.Join(' ', trace.Heads.ToArray().Select(PrintTree));

        string PrintTree(int row)
        {
            var children = string.Join(' ', trace.ChildrenOf(row).ToArray().Select(PrintTree));
            return trace.Batch.Spans.SpanIds[row].Value + (children.Length > 0 ? $"({children})" : "") + (trace.DuplicateOf(row) >= 0 ? "=" : "")
                + trace.StandingOf(row) switch { SpanStanding.Orphan => "?", SpanStanding.Detached => "@", _ => "" };
        }
    }
}
