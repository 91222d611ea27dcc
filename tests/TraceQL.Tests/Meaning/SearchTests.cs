using Clew.Model;
using Clew.TraceQL.Searching;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Tests.Meaning;

/// <summary>What an answer has beside the spans: pages, ranges, and what is said of a trace.</summary>
public sealed class SearchTests
{
    [Theory]
    [InlineData(512)]
    [InlineData(3)]
    [InlineData(0)]
    public async Task Pages_of_traces_at_one_time_neither_lose_nor_repeat(int candidatesMax)
    {
        var store = await StoreAsync(Enumerable.Range(1, 150).Select(number => Span(number, "a", 50)));
        var found = await AllPagesAsync(store, "{ name = `a` }", candidatesMax, pageSize: 7);
        Assert.Equal(Enumerable.Range(1, 150), found.Order());
    }

    [Theory]
    [InlineData(512)]
    [InlineData(0)]
    public async Task Traces_that_come_in_between_pages_do_not_move_the_others(int candidatesMax)
    {
        var store = await StoreAsync(Enumerable.Range(1, 60).Select(number => Span(number, "a", 100 + (number / 3))));
        var arriving = 1_000;
        var found = await AllPagesAsync(store, "{ name = `a` }", candidatesMax, pageSize: 4, async () =>
        {
            arriving++;
            // One after all that were there, one before them, and one at the time of some of them.
            await AppendAsync(store, [Span(arriving, "a", 200 + arriving), Span(10_000 + arriving, "a", 50), Span(20_000 + arriving, "a", 110)]);
        });
        Assert.Equal(found.Count, found.Distinct().Count());
        Assert.Superset(Enumerable.Range(1, 60).ToHashSet(), found.ToHashSet());
        Assert.Contains(11_001, found);
        Assert.DoesNotContain(1_001, found);
    }

    [Theory]
    [InlineData(512)]
    [InlineData(0)]
    public async Task Pages_keep_their_order_when_something_else_becomes_the_rarer(int candidatesMax)
    {
        var both = Enumerable.Range(1, 60).SelectMany(number => new[] { Span(number, "a", number), Span(number, "b", 1_000 - number) });
        var store = await StoreAsync([.. both, .. Enumerable.Range(200, 100).Select(number => Span(number, "a", number))]);
        var isFirst = true;
        var found = await AllPagesAsync(store, "{ name = `a` } && { name = `b` }", candidatesMax, pageSize: 10, async () =>
        {
            if (isFirst)
                await AppendAsync(store, Enumerable.Range(400, 500).Select(number => Span(number, "b", number)));
            isFirst = false;
        });
        Assert.Equal(Enumerable.Range(1, 60), found.Order());
    }

    [Fact]
    public async Task A_trace_is_asked_for_when_it_overlaps_the_range_wherever_the_span_that_matches_is()
    {
        var store = await StoreAsync([Span(1, "a", 100, 10), Span(1, "b", 150, 300), Span(2, "a", 100, 10), Span(3, "a", 500, 10)]);
        Assert.Equal([1], await AllPagesAsync(store, "{ name = `a` }", 512, 10, range: (200, 400)));
        Assert.Equal([1], await AllPagesAsync(store, "{ name = `a` }", 512, 10, range: (450, 499)));
        Assert.Equal([3, 1], await AllPagesAsync(store, "{ name = `a` }", 512, 10, range: (450, 500)));
        Assert.Equal([3, 1, 2], await AllPagesAsync(store, "{ name = `a` }", 512, 10, range: (110, 500)));
        Assert.Empty(await AllPagesAsync(store, "{ name = `a` }", 512, 10, range: (600, 700)));
        // By id too.
        Assert.Equal([1], await AllPagesAsync(store, "{ trace:id = `1` }", 512, 10, range: (200, 400)));
        Assert.Empty(await AllPagesAsync(store, "{ trace:id = `2` }", 512, 10, range: (200, 400)));
    }

    [Fact]
    public async Task The_newest_traces_come_first_and_the_first_spans_of_each_are_shown()
    {
        var result = await FindAsync(await PlainBatches.StoreOfAsync(Fixture.Spans, () => 0), "{ name =~ `[a-z]` }", new SearchRequest { SpansPerSpansetMax = 2 });
        Assert.Equal(["t u", "l m", "g h", "a b"], result.Traces.Select(trace => string.Join(' ', trace.Spansets.Single().Spans.Select(span => span.Name))));
        Assert.Equal([6, 4, 6, 7], result.Traces.Select(trace => trace.Spansets.Single().MatchedCount));
    }

    [Fact]
    public async Task Of_a_trace_its_root_its_times_and_its_services_are_told()
    {
        var store = await PlainBatches.StoreOfAsync(Fixture.Spans, () => 0);
        var shop = (await FindAsync(store, "{ name = `e` }", new SearchRequest())).Traces.Single();
        Assert.Equal(("frontend", "a", 1_000_000_000UL, 100_000_000UL, 7), (shop.RootService, shop.RootName, shop.Start.Value, shop.DurationNanos, shop.SpanCount));
        Assert.Equal(["cart 3 0", "frontend 3 1", "missing-service-name 1 0"], shop.Services.Select(service => $"{service.Name} {service.SpanCount} {service.ErrorCount}"));
        var ring = (await FindAsync(store, "{ name = `q` }", new SearchRequest())).Traces.Single();
        Assert.Null(ring.RootService);
        Assert.Null(ring.RootName);
    }

    [Fact]
    public async Task No_trace_is_found_when_none_is_asked_for() =>
        Assert.Empty((await FindAsync(await StoreAsync([Span(1, "a", 1)]), "{ }", new SearchRequest { TraceCountMax = 0 })).Traces);

    [Theory]
    [InlineData("5-00000000000000000000000000000001")]
    [InlineData("5-00000000000000000000000000000001-2")]
    public void A_cursor_reads_back_as_it_was_written(string text)
    {
        Assert.True(SearchCursor.TryParse(text, out var cursor));
        Assert.Equal(text, cursor.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("5-x")]
    [InlineData("-5-1")]
    [InlineData("5-1-")]
    [InlineData("5-1-1-1")]
    public void What_is_no_cursor_is_refused(string? text) => Assert.False(SearchCursor.TryParse(text, out _));

    [Theory]
    [InlineData(512)]
    [InlineData(0)]
    public async Task Traces_of_an_answer_are_summarized_from_all_of_their_spans_however_they_were_found(int candidatesMax)
    {
        var store = await PlainBatches.StoreOfAsync(Fixture.Spans, () => 0);
        Assert.True(TraceQLQuery.TryCompile("{ }", out var query, out var error), $"{error}");
        var request = new SearchRequest
        {
            CandidatesMax = candidatesMax, Summarize = trace => TraceSummary.Of(Trace.Assemble(trace.Spans.TraceIds[0], trace)), Budget = QueryBudget.Unlimited,
        };
        var result = await new TraceQLEngine(store, TimeProvider.System).SearchAsync(query, request, CancellationToken.None);
        Assert.NotEmpty(result.Traces);
        Assert.All(result.Traces, trace => Assert.Equal((trace.Id, trace.SpanCount), (trace.Summary!.Id, trace.Summary.SpanCount)));
    }

    static PlainSpan Span(int trace, string name, int second, int seconds = 1) => new()
    {
        Trace = new TraceId(0, (ulong)trace), Id = (ulong)name[0], Name = name, Start = (ulong)second * 1_000_000_000, End = (ulong)(second + seconds) * 1_000_000_000,
    };

    static Task<MemoryStore> StoreAsync(IEnumerable<PlainSpan> spans)
    {
        var at = 0;
        return PlainBatches.StoreOfAsync(spans, () => at++ % 3);
    }

    static async Task AppendAsync(MemoryStore store, IEnumerable<PlainSpan> spans) => await store.AppendAsync(PlainBatches.Of(spans), CancellationToken.None);

    static Task<SearchResult> FindAsync(MemoryStore store, string text, SearchRequest request)
    {
        Assert.True(TraceQLQuery.TryCompile(text, out var query, out var error), $"{error}");
        return new TraceQLEngine(store, TimeProvider.System).SearchAsync(query, request, CancellationToken.None);
    }

    static async Task<List<int>> AllPagesAsync(
        MemoryStore store, string text, int candidatesMax, int pageSize, Func<Task>? betweenPages = null, (int From, int To)? range = null)
    {
        var found = new List<int>();
        SearchCursor? after = null;
        do
        {
            var request = new SearchRequest
            {
                TraceCountMax = pageSize, CandidatesMax = candidatesMax, After = after,
                Range = range is { } given ? new TimeRange(new UnixNanos((ulong)given.From * 1_000_000_000), new UnixNanos((ulong)given.To * 1_000_000_000)) : TimeRange.All,
            };
            var result = await FindAsync(store, text, request);
            found.AddRange(result.Traces.Select(trace => (int)trace.Id.Low));
            after = result.Next;
            if (betweenPages is not null)
                await betweenPages();
        }
        while (after is not null);
        return found;
    }
}
