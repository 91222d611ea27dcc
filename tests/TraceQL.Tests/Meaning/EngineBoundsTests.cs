using Clew.Model;
using Clew.TraceQL.Metrics;
using Clew.TraceQL.Searching;

namespace Clew.TraceQL.Tests.Meaning;

/// <summary>Queries and traces made to hurt: they are answered, in part perhaps, on a small stack and in the memory and time they were given.</summary>
public sealed class EngineBoundsTests
{
    const int StackBytes = 1024 * 1024;

    [Theory]
    [InlineData("{ ", ".v = 5 && ", ".v = 5", "", " }")]
    [InlineData("{ ", ".v = 5 || ", ".v = 5", "", " }")]
    [InlineData("{ ", ".v = 5 && .v = 6 || ", ".v = 5", "", " }")]
    [InlineData("{ ", ".v + ", ".v", "", " = 5 }")]
    [InlineData("{ ", ".v ^ ", ".v", "", " = 5 }")]
    [InlineData("{ ", "rootName = `a` && ", ".v = 5", "", " }")]
    [InlineData("{ ", "!(.v && ", ".v", ")", " }")]
    [InlineData("{ ", "!(.v = 5 || ", ".v", ")", " }")]
    [InlineData("{ ", "(.v = 5) = ", "true", "", " }")]
    [InlineData("", "{ } > ", "{ }", "", "")]
    [InlineData("", "{ } && ", "{ }", "", "")]
    [InlineData("", "{ } || ", "{ }", "", "")]
    [InlineData("", "{ } &>> ", "{ }", "", "")]
    [InlineData("", "{ } !~ ", "{ }", "", "")]
    [InlineData("", "{ } | ", "{ }", "", "")]
    [InlineData("", "({ } || ", "{ }", ")", "")]
    [InlineData("{ } | ", "by(.v) | ", "{ }", "", "")]
    [InlineData("{ } | ", "count() > 0 | ", "{ }", "", "")]
    [InlineData("", "({ } | rate()) + ", "({ } | rate())", "", "")]
    [InlineData("", "2 * ", "({ } | rate())", "", "")]
    [InlineData("", "(", "{ } | rate()", ")", "")]
    [InlineData("", "(1 + ", "({ } | rate())", ")", "")]
    [InlineData("{ } | rate()", "", "", " | topk(1)", "")]
    [InlineData("{ } | rate()", "", "", " > 0", "")]
    public async Task A_query_of_as_many_operators_as_are_read_is_answered_on_a_small_stack(string before, string opening, string middle, string closing, string after)
    {
        var store = await PlainBatches.StoreOfAsync(Fixture.Spans, () => 0);
        foreach (var count in (int[])[190, 490, 1_990])
        {
            var text = before + string.Concat(Enumerable.Repeat(opening, count)) + middle + string.Concat(Enumerable.Repeat(closing, count)) + after;
            if (TraceQLQuery.TryCompile(text, out var query, out _))
                OnSmallStack(() => Answer(store, query));
        }
    }

    [Theory]
    [InlineData("{ } | by(span:id)")]
    [InlineData("{ } | by(span:id) | by(.v) | count() > 0")]
    [InlineData("{ } && { } && { } && { } && { } && { } && { } && { } && { } && { } && { } && { } && { } && { } && { } && { } && { } && { } && { } && { }")]
    [InlineData("{ } >> { } >> { } >> { } >> { } >> { } >> { } >> { } >> { } >> { } >> { } >> { } >> { } >> { } >> { } >> { } >> { }")]
    public async Task A_search_of_a_huge_trace_keeps_to_its_memory(string text)
    {
        var store = await PlainBatches.StoreOfAsync(HugeTrace(100_000), () => 0);
        // The trace itself, and something to work with.
        var memoryBytesMax = BatchMemory.Of((await store.FindTraceAsync(new TraceId(0, 9), default))!) + (8 << 20);
        Assert.True(TraceQLQuery.TryCompile(text, out var query, out var error), $"{error}");
        var request = new SearchRequest { Budget = QueryBudget.Unlimited with { MemoryBytesMax = memoryBytesMax }, SpansPerSpansetMax = 10 };
        var result = await new TraceQLEngine(store, TimeProvider.System).SearchAsync(query, request, CancellationToken.None);
        Assert.Equal(ReadLimit.Memory, result.Report.Partial);
        var complete = await new TraceQLEngine(store, TimeProvider.System).SearchAsync(query, request with { Budget = QueryBudget.Unlimited }, CancellationToken.None);
        Assert.Null(complete.Report.Partial);
    }

    [Fact]
    public async Task A_search_goes_on_past_a_trace_that_is_too_large_for_it()
    {
        var small = HugeTrace(10).Select(span => span with { Trace = new TraceId(0, 1), Start = 0, End = 1 });
        var store = await PlainBatches.StoreOfAsync(HugeTrace(100_000).Concat(small), () => 0);
        Assert.True(TraceQLQuery.TryCompile("{ name = `op1` }", out var query, out _));
        var request = new SearchRequest { Budget = QueryBudget.Unlimited with { MemoryBytesMax = 4 << 20 } };
        var result = await new TraceQLEngine(store, TimeProvider.System).SearchAsync(query, request, CancellationToken.None);
        Assert.Equal((ReadLimit.Memory, new TraceId(0, 1)), (result.Report.Partial, Assert.Single(result.Traces).Id));
    }

    [Theory]
    [InlineData("{ } | rate() by (span:id)")]
    [InlineData("{ } | rate() by (span:id, name)")]
    [InlineData("{ } | histogram_over_time(.v) by (span:id)")]
    [InlineData("{ } | by(span:id) | rate()")]
    [InlineData("{ } | compare({ name = `op1` })")]
    public async Task Metrics_of_very_many_groups_keep_to_their_memory(string text)
    {
        const long MemoryBytesMax = 8 << 20;
        var store = await PlainBatches.StoreOfAsync(HugeTrace(20_000), () => 0);
        Assert.True(TraceQLQuery.TryCompile(text, out var query, out var error), $"{error}");
        var request = new MetricsRequest
        {
            Start = new UnixNanos(0), End = new UnixNanos(5_000_000_000), StepNanos = 1_000_000, Budget = QueryBudget.Unlimited with { MemoryBytesMax = MemoryBytesMax },
        };
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var result = await new TraceQLEngine(store, TimeProvider.System).MetricsAsync(query, request, CancellationToken.None);
        Assert.Equal(ReadLimit.Memory, result.Report.Partial);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 4 * MemoryBytesMax);
        GC.KeepAlive(result);
    }

    [Fact]
    public async Task What_threads_of_a_comparison_counted_is_not_counted_again_when_it_is_put_together()
    {
        // Two hundred and forty values of 40 kB each.
        const long MemoryBytesMax = 14 << 20;
        var store = await PlainBatches.StoreOfAsync(HugeTrace(1_000), () => 0);
        Assert.True(TraceQLQuery.TryCompile("{ } | compare({ })", out var query, out var error), $"{error}");
        var request = new MetricsRequest
        {
            Start = new UnixNanos(0), End = new UnixNanos(5_000_000_000), StepNanos = 1_000_000, Budget = QueryBudget.Unlimited with { MemoryBytesMax = MemoryBytesMax },
        };
        var result = await new TraceQLEngine(store, TimeProvider.System).MetricsAsync(query, request, CancellationToken.None);
        Assert.Null(result.Report.Partial);
    }

    [Theory]
    [InlineData("{ .v >= 0 }")]
    [InlineData("{ } | by(.v)")]
    [InlineData("{ } | max(.v) >= 0")]
    public async Task A_query_whose_time_is_up_ends_within_a_trace(string text)
    {
        var store = await PlainBatches.StoreOfAsync(HugeTrace(20_000), () => 0);
        Assert.True(TraceQLQuery.TryCompile(text, out var query, out var error), $"{error}");
        var clock = new HastyClock();
        var request = new SearchRequest { Budget = QueryBudget.Unlimited with { Within = TimeSpan.FromSeconds(20) } };
        var result = await new TraceQLEngine(store, clock).SearchAsync(query, request, CancellationToken.None);
        Assert.Equal(ReadLimit.Time, result.Report.Partial);
        Assert.Empty(result.Traces);
        // Of 20,000 spans it looked at some thousands.
        Assert.InRange(clock.LookCount, 10, 40);
    }

    [Theory]
    [InlineData("{ } | rate() by (.v) | topk(3)")]
    [InlineData("{ } | rate() by (.v) | bottomk(3) > 0")]
    [InlineData("{ } | quantile_over_time(.w, 0.5, 0.9) by (.v, .w)")]
    [InlineData("({ } | rate() by (.v, .w)) * 2 * 2 * 2 * 2 * 2")]
    [InlineData("({ } | rate() by (.v, .w)) / ({ } | rate()) / ({ } | rate())")]
    public async Task Metrics_whose_time_is_up_end_after_reading_too(string text)
    {
        var store = await PlainBatches.StoreOfAsync(HugeTrace(2_000), () => 0);
        Assert.True(TraceQLQuery.TryCompile(text, out var query, out var error), $"{error}");
        var clock = new HastyClock();
        var request = new MetricsRequest
        {
            Start = new UnixNanos(0), End = new UnixNanos(2_000_000_000), StepNanos = 1_000_000, Budget = QueryBudget.Unlimited with { Within = TimeSpan.FromSeconds(80) },
        };
        var result = await new TraceQLEngine(store, clock).MetricsAsync(query, request, CancellationToken.None);
        Assert.Equal(ReadLimit.Time, result.Report.Partial);
        Assert.InRange(clock.LookCount, 80, 120);
        using var cancellation = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new TraceQLEngine(store, new CancellingClock(cancellation)).MetricsAsync(query, request, cancellation.Token));
    }

    [Theory]
    [InlineData("{ name =~ `op.*` } | rate()")]
    [InlineData("{ name !~ `no.*` } | rate()")]
    [InlineData("{ (name =~ `op.*`) = true } | rate()")]
    [InlineData("{ name =~ `op.*` } | count() > 1")]
    [InlineData("{ } | by(name =~ `op.*`) | rate()")]
    public async Task A_pattern_ends_with_its_query_between_two_texts(string text)
    {
        // Fewer than the spans of which some are looked at between two looks at the clock.
        const int Count = 250;
        var names = Enumerable.Range(0, Count).Select(number => new PlainSpan
        {
            Trace = new TraceId(0, 9), Id = (ulong)number + 1, Name = $"op {number} {new string('x', 1_000)}", Start = (ulong)number, End = (ulong)number + 5,
        });
        var store = await PlainBatches.StoreOfAsync(names, () => 0);
        Assert.True(TraceQLQuery.TryCompile(text, out var query, out var error), $"{error}");
        var budget = QueryBudget.Unlimited with { Within = TimeSpan.FromSeconds(100) };
        var engine = new TraceQLEngine(store, new HastyClock());
        if (query.Spans is not null)
        {
            var found = await engine.SearchAsync(query, new SearchRequest { Budget = budget }, CancellationToken.None);
            Assert.Equal(ReadLimit.Time, found.Report.Partial);
            Assert.Empty(found.Traces);
            return;
        }

        var counted = await engine.MetricsAsync(query, new MetricsRequest { Start = new UnixNanos(0), End = new UnixNanos(1_000_000_000), Budget = budget }, CancellationToken.None);
        Assert.Equal(ReadLimit.Time, counted.Report.Partial);
        Assert.InRange(counted.Series.Sum(series => series.Samples.Where(double.IsFinite).Sum()), 0, Count - 1);
    }

    [Fact]
    public async Task What_was_read_when_time_was_up_is_answered()
    {
        var store = await PlainBatches.StoreOfAsync(HugeTrace(20_000), () => 0);
        Assert.True(TraceQLQuery.TryCompile("({ } | count_over_time() | topk(1)) * 2", out var query, out var error), $"{error}");
        var request = new MetricsRequest { Start = new UnixNanos(0), End = new UnixNanos(2_000_000_000), Budget = QueryBudget.Unlimited with { Within = TimeSpan.FromSeconds(12) } };
        var result = await new TraceQLEngine(store, new HastyClock()).MetricsAsync(query, request, CancellationToken.None);
        Assert.Equal(ReadLimit.Time, result.Report.Partial);
        Assert.InRange(result.Series.Single().Samples.Single(), 1, 39_998);
    }

    [Fact]
    public async Task Who_found_nothing_until_time_was_up_does_not_say_that_it_is_zero()
    {
        var store = await PlainBatches.StoreOfAsync(HugeTrace(20_000), () => 0);
        Assert.True(TraceQLQuery.TryCompile("{ .v + 1 = 0 } | rate()", out var query, out var error), $"{error}");
        var request = new MetricsRequest { Start = new UnixNanos(0), End = new UnixNanos(2_000_000_000), Budget = QueryBudget.Unlimited with { Within = TimeSpan.FromSeconds(12) } };
        var result = await new TraceQLEngine(store, new HastyClock()).MetricsAsync(query, request, CancellationToken.None);
        Assert.Equal((ReadLimit.Time, 0), (result.Report.Partial, result.Series.Count));
        var whole = await new TraceQLEngine(store, TimeProvider.System).MetricsAsync(query, request, CancellationToken.None);
        Assert.Equal(0, whole.Series.Single().Samples.Single());
    }

    [Fact]
    public async Task After_large_traces_fewer_are_fetched_at_once()
    {
        var spans = Enumerable.Range(0, 64 * 3_500).Select(number => new PlainSpan { Trace = new TraceId(0, (ulong)number / 3_500 + 1), Id = (ulong)number + 1, Name = "op", Start = (ulong)number, End = (ulong)number });
        var store = await PlainBatches.StoreOfAsync(spans, () => 0);
        Assert.True(TraceQLQuery.TryCompile("{ } | count() > 1", out var query, out var error), $"{error}");
        var result = await new TraceQLEngine(store, TimeProvider.System).SearchAsync(query, new SearchRequest { TraceCountMax = 56, Budget = QueryBudget.Unlimited }, CancellationToken.None);
        Assert.Equal([32, 16, 8], store.LookUpSizes);
        Assert.Equal(56, result.Traces.Count);
        Assert.True(result.Report.Reads.RowCount > 0);
    }

    static IEnumerable<PlainSpan> HugeTrace(int count) => Enumerable.Range(1, count).Select(number => new PlainSpan
    {
        Trace = new TraceId(0, 9), Id = (ulong)number, Parent = (ulong)number / 2, Name = $"op{number % 7}", Start = (ulong)number, End = (ulong)number + 5, Attributes = [("v", number % 100), ("w", number % 128)],
    });

    static void Answer(MemoryStore store, Syntax.Query query)
    {
        var engine = new TraceQLEngine(store, TimeProvider.System);
        var task = query.Spans is not null
            ? engine.SearchAsync(query, new SearchRequest(), CancellationToken.None)
            : (Task)engine.MetricsAsync(query, new MetricsRequest { Start = new UnixNanos(1), End = new UnixNanos(5_000_000_000), StepNanos = 1_000_000_000 }, CancellationToken.None);
        Assert.True(task.IsCompletedSuccessfully, $"{task.Exception}");
    }

    static void OnSmallStack(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(action), StackBytes);
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }

    /// <summary>A clock that goes on by a second whenever it is looked at.</summary>
    sealed class HastyClock : TimeProvider
    {
        public int LookCount { get; private set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => ++LookCount;
    }

    /// <summary>Whoever asked goes away when the clock has been looked at some times: after reading.</summary>
    sealed class CancellingClock(CancellationTokenSource asked) : TimeProvider
    {
        int _lookCount;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp()
        {
            if (++_lookCount == 40)
                asked.Cancel();
            return 0;
        }
    }
}
