using Clew.Model;
using Clew.TraceQL.Metrics;
using Clew.TraceQL.Searching;
using Clew.TraceQL.Syntax;
using Xunit.Abstractions;

namespace Clew.TraceQL.Tests.Meaning;

/// <summary>The engine against the naive evaluation, over random traces. CLEW_MEANING_CASES sets how many queries (3,000), CLEW_FUZZ_SEED repeats a run.</summary>
public sealed class PropertyTests(ITestOutputHelper output)
{
    const int QueriesPerStore = 25, Digits = 7;
    static readonly TimeSpan FarReach = TimeSpan.FromDays(1);

    [Fact]
    public Task A_search_finds_what_the_naive_evaluation_finds() => ForAllAsync("searches", async (random, traces, store) =>
    {
        var query = new RandomQuestions(random).Search();
        var range = random.Next(3) == 0 ? new TimeRange(At(random.Next(95, 115)), At(random.Next(95, 125))) : TimeRange.All;
        var expected = Try(() => NaiveAnswers.Of(traces
            .Where(trace => range.Overlaps(new UnixNanos(trace.Start), new UnixNanos(trace.End))).Select(trace => (trace, NaivePipelines.Of(query.Spans!, trace))), TextOf));
        var found = await PagesAsync(store, query, range, Pick(random, 0, 1, 3, 512), random.Next(4) == 0 ? random.Next(1, 5) : 1_000);
        return (query, expected, found);
    });

    [Fact]
    public Task Metrics_have_the_samples_of_the_naive_evaluation() => ForAllAsync("metrics", async (random, traces, store) =>
    {
        var query = new RandomQuestions(random).Metrics();
        var (start, end, step) = ((ulong)random.Next(95, 110) * 500_000_000UL * 2, (ulong)random.Next(110, 125) * 1_000_000_000UL, (ulong)random.Next(4) * 1_500_000_000UL);
        var expected = Try(() => NaiveAnswers.Of(NaiveMetrics.Of(query.Metrics!, traces, new NaiveGrid(start, end, step)), Digits));
        var request = new MetricsRequest { Start = new UnixNanos(start), End = new UnixNanos(end), StepNanos = step, Reach = FarReach, Budget = QueryBudget.Unlimited, SeriesMax = int.MaxValue };
        var found = await TryAsync(async () => NaiveAnswers.Of((await new TraceQLEngine(store, TimeProvider.System).MetricsAsync(query, request, CancellationToken.None)).Series, Digits));
        return (query, expected, found);
    });

    async Task ForAllAsync(string what, Func<Random, IReadOnlyList<PlainTrace>, ForgetfulStore, Task<(Query Query, string Expected, string Found)>> run)
    {
        var seed = Seeds.Of("CLEW_FUZZ_SEED");
        var count = Seeds.Count("CLEW_MEANING_CASES", 3_000);
        int foundCount = 0, failedCount = 0;
        IReadOnlyList<PlainTrace> traces = [];
        ForgetfulStore? store = null;
        for (var at = 0; at < count; at++)
        {
            // Every case is as it would be alone: the store's seed is that of the first of its cases.
            if (at % QueriesPerStore == 0)
            {
                var some = new Random(unchecked(seed + (at * 7919)));
                var spans = new RandomTraces(some).Spans(some.Next(1, 16));
                traces = [.. spans.GroupBy(span => span.Trace).Select(trace => new PlainTrace(trace))];
                store = new ForgetfulStore(await PlainBatches.StoreOfAsync(spans, () => some.Next(5)));
            }

            var (query, expected, found) = await run(new Random(unchecked(seed + (at * 7919) + 1)), traces, store!);
            foundCount += expected is "nothing" ? 0 : 1;
            if (expected == Failed)
            {
                // Whether the engine comes to the trace that makes the query fail depends on what else is asked.
                failedCount++;
                continue;
            }

            Assert.True(expected == found, $"CLEW_FUZZ_SEED={seed}, case {at}: {query}\nexpected {expected}\nfound    {found}");
        }

        output.WriteLine($"CLEW_FUZZ_SEED={seed}: {count} {what}, {foundCount} found something, {failedCount} could not be answered");
        if (count >= 1_000)
            Assert.InRange(foundCount, count / 8, count);
    }

    const string Failed = "fails";

    static UnixNanos At(int second) => new((ulong)second * 1_000_000_000);

    static T Pick<T>(Random random, params T[] choices) => choices[random.Next(choices.Length)];

    static string TextOf(PlainSpan span) => $"{span.Start}";

    static string Try(Func<string> answer)
    {
        try
        {
            return answer();
        }
        catch (QueryFailedException)
        {
            return Failed;
        }
    }

    static async Task<string> TryAsync(Func<Task<string>> answer)
    {
        try
        {
            return await answer();
        }
        catch (QueryFailedException)
        {
            return Failed;
        }
    }

    static Task<string> PagesAsync(ForgetfulStore store, Query query, TimeRange range, int candidatesMax, int pageSize) => TryAsync(async () =>
    {
        var engine = new TraceQLEngine(store, TimeProvider.System);
        var traces = new List<FoundTrace>();
        SearchCursor? after = null;
        do
        {
            var request = new SearchRequest
            {
                Range = range, TraceCountMax = pageSize, SpansPerSpansetMax = 1_000, CandidatesMax = candidatesMax, After = after, Reach = FarReach, Budget = QueryBudget.Unlimited,
            };
            var result = await engine.SearchAsync(query, request, CancellationToken.None);
            Assert.InRange(result.Traces.Count, 0, pageSize);
            Assert.Null(result.Report.Partial);
            traces.AddRange(result.Traces);
            after = result.Next;
            Assert.True(SearchCursor.TryParse($"{after}", out var again) ? again == after : after is null);
        }
        while (after is not null);
        Assert.Equal(traces.Count, traces.DistinctBy(trace => trace.Id).Count());
        return NaiveAnswers.Of(traces, (_, span) => $"{span.Start}");
    });
}
