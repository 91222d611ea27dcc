using Clew.Model;
using Clew.TraceQL.Metrics;

namespace Clew.TraceQL.Tests.Meaning;

/// <summary>What an answer has beside the samples: buckets, exemplars, bounds.</summary>
public sealed class MetricsTests
{
    const ulong Second = 1_000_000_000;

    [Fact]
    public async Task Buckets_end_at_multiples_of_the_step_from_before_the_start_to_after_the_end()
    {
        var result = await MeasureAsync("{ } | count_over_time()", new MetricsRequest { Start = new UnixNanos(1_500_000_000), End = new UnixNanos(5_200_000_000), StepNanos = Second });
        Assert.Equal([1, 2, 3, 4, 5, 6], Enumerable.Range(0, result.Grid.Count).Select(bucket => (int)(result.Grid.StampOf(bucket).Value / Second)));
        Assert.Equal([1, 7, 6, 4, 23, 5], result.Series.Single().Samples);
    }

    [Fact]
    public async Task A_span_at_the_end_of_a_bucket_is_in_it_and_one_at_its_beginning_is_not()
    {
        var result = await MeasureAsync("{ name =~ `a|b` } | count_over_time()", Request(1_000_000_000, 1_020_000_000, 10_000_000));
        // a starts at 1.00 s and b at 1.01 s.
        Assert.Equal([1, 1, 0], result.Series.Single().Samples);
    }

    [Fact]
    public async Task Exemplars_are_spread_over_time_and_no_more_than_asked_for()
    {
        foreach (var countMax in (int[])[1, 2, 3, 6, 100])
        {
            var result = await MeasureAsync("{ } | count_over_time() by (rootName)", Request(Second, 6 * Second, Second) with { ExemplarsMax = countMax });
            var exemplars = result.Series.SelectMany(series => series.Exemplars).ToArray();
            Assert.InRange(exemplars.Length, 1, countMax);
            Assert.Equal(exemplars.Length, exemplars.DistinctBy(exemplar => (exemplar.TraceId, exemplar.Start)).Count());
        }
    }

    [Fact]
    public async Task An_exemplar_shows_its_span_and_stands_at_its_value_or_at_the_sample_it_is_part_of()
    {
        var request = Request(Second, 6 * Second, Second) with { ExemplarsMax = 100 };
        var counted = (await MeasureAsync("{ name = `d` } | rate() by (.n)", request)).Series.Single().Exemplars.Single();
        Assert.Equal((Fixture.Shop, new SpanId(4), 1_015_000_000UL, 1.0), (counted.TraceId, counted.SpanId, counted.Start.Value, counted.Value));
        Assert.Equal(["name=`d`", ".n=4"], counted.Labels.Select(label => $"{label.Name}={label.Value}"));
        Assert.Equal(0.035, (await MeasureAsync("{ name = `d` } | max_over_time(duration)", request)).Series.Single().Exemplars.Single().Value);
        Assert.Equal(0.035, (await MeasureAsync("{ name = `d` } | quantile_over_time(duration, 0.1, 0.9)", request)).Series[0].Exemplars.Single().Value);
        var buckets = (await MeasureAsync("{ name =~ `a|d` } | histogram_over_time(duration)", request)).Series;
        Assert.Equal([0x4UL, 0x1UL], buckets.Select(bucket => bucket.Exemplars.Single().SpanId.Value));
        Assert.All(buckets, bucket => Assert.Equal(1, bucket.Exemplars.Single().Value));
    }

    [Fact]
    public async Task Exemplars_go_through_what_follows_as_samples_do()
    {
        var request = Request(Second, 6 * Second, Second) with { ExemplarsMax = 100 };
        Assert.Equal(0.07, (await MeasureAsync("({ name = `d` } | max_over_time(duration)) * 2", request)).Series.Single().Exemplars.Single().Value);
        Assert.Equal([0.1], (await MeasureAsync("{ name =~ `a|d` } | max_over_time(duration) > 50ms", request)).Series.Single().Exemplars.Select(exemplar => exemplar.Value));
    }

    [Theory]
    [InlineData("({ name =~ `b|d` } | rate()) * 3", 6)]
    [InlineData("1 - ({ name =~ `b|d` } | rate())", -1)]
    [InlineData("({ name =~ `b|d` } | rate()) + ({ } | rate())", 9)]
    [InlineData("({ } | rate()) / ({ name =~ `b|d` } | rate() by (resource.service.name))", 7)]
    [InlineData("({ name = `b` } | max_over_time(duration)) + ({ name =~ `b|d` } | count_over_time())", 2.05)]
    [InlineData("({ name =~ `b|d` } | histogram_over_time(.n)) + 1", 2)]
    [InlineData("({ name =~ `b|d` } | count_over_time() > 1) * 2", 4)]
    public async Task Exemplars_that_only_counted_stand_at_the_sample_that_comes_out_in_the_end(string query, double expected)
    {
        var series = (await MeasureAsync(query, Request(Second, 2 * Second, Second) with { ExemplarsMax = 100 })).Series;
        Assert.NotEmpty(series.SelectMany(one => one.Exemplars));
        Assert.All(series.SelectMany(one => one.Exemplars), exemplar => Assert.Equal(expected, exemplar.Value, 9));
    }

    [Theory]
    [InlineData("{ } | rate() with (exemplars = false)", 100, Second, 0)]
    [InlineData("{ } | rate() with (exemplars = 0)", 100, Second, 0)]
    [InlineData("{ } | rate()", 0, Second, 0)]
    [InlineData("{ } | rate()", 100, 0, 0)]
    [InlineData("{ } | rate() with (exemplars = 10)", 100, 0, 0)]
    [InlineData("{ name = `a` } | rate() with (exemplars = true)", 0, Second, 1)]
    [InlineData("{ name = `a` } | rate() with (exemplars = 5)", 0, Second, 1)]
    public async Task A_hint_decides_about_exemplars_and_an_instant_has_none(string query, int countMax, ulong step, int expected) =>
        Assert.Equal(expected, (await MeasureAsync(query, Request(Second, 6 * Second, step) with { ExemplarsMax = countMax })).Series.Sum(series => series.Exemplars.Count));

    [Fact]
    public async Task A_hint_gets_no_more_exemplars_than_the_request_allows()
    {
        var request = Request(Second, 6 * Second, Second) with { ExemplarsCap = 4 };
        Assert.InRange((await MeasureAsync("{ } | rate() with (exemplars = 100000)", request)).Series.Sum(series => series.Exemplars.Count), 1, 4);
        Assert.InRange((await MeasureAsync("{ } | rate() with (exemplars = true)", request)).Series.Sum(series => series.Exemplars.Count), 1, 4);
    }

    [Fact]
    public async Task Exemplars_count_as_memory()
    {
        var spans = Enumerable.Range(1, 2_000).Select(number => new PlainSpan
        {
            Trace = new TraceId(0, 9), Id = (ulong)number, Name = "op", Start = (ulong)number * 1_000_000, End = Second * 3, Attributes = [("text", $"{number}{new string('x', 2_000)}")],
        });
        var store = await PlainBatches.StoreOfAsync(spans, () => 0);
        var request = Request(0, 2 * Second, Second) with { Budget = QueryBudget.Unlimited with { MemoryBytesMax = 1 << 20 } };
        Assert.Null((await MeasureAsync("{ .text != `` } | rate()", request, store)).Report.Partial);
        Assert.Equal(ReadLimit.Memory, (await MeasureAsync("{ .text != `` } | rate() with (exemplars = 1000)", request, store)).Report.Partial);
    }

    [Theory]
    [InlineData("({ } | rate() by (name)) / ({ } | rate())")]
    [InlineData("({ } | rate()) / ({ } | rate() by (name))")]
    [InlineData("({ } | rate() by (name)) / ({ } | rate() by (name))")]
    [InlineData("({ } | rate()) + ({ } | rate())")]
    public async Task Calculating_with_series_makes_no_more_exemplars(string query)
    {
        var exemplars = (await MeasureAsync(query, Request(Second, 6 * Second, Second) with { ExemplarsMax = 10 })).Series.SelectMany(series => series.Exemplars).ToArray();
        Assert.InRange(exemplars.Length, 1, 10);
        Assert.Equal(exemplars.Length, exemplars.DistinctBy(exemplar => (exemplar.TraceId, exemplar.SpanId, exemplar.Start)).Count());
    }

    [Fact]
    public async Task Series_beyond_the_bound_are_left_out_and_counted()
    {
        var result = await MeasureAsync("{ rootName = `a` } | rate() by (name)", Request(Second, 6 * Second, Second) with { SeriesMax = 3 });
        Assert.Equal(["`a`", "`b`", "`c`"], result.Series.Select(series => series.Labels.Single().Value.ToString()));
        Assert.Equal(4, result.LeftOutSeriesCount);
    }

    [Fact]
    public async Task Values_that_are_too_many_to_compare_are_not_named()
    {
        var spans = Enumerable.Range(1, 3_000).Select(number => new PlainSpan { Trace = new TraceId(0, 9), Id = (ulong)number, Name = "op", Start = Second, End = Second, Attributes = [("x", number)] });
        var result = await MeasureAsync("{ } | compare({ .x < 10 })", Request(Second, 2 * Second, Second), await PlainBatches.StoreOfAsync(spans, () => 0));
        var ofX = result.Series.Where(series => series.Labels[^1].Name == "span.x").Select(series => $"{series.Labels[0].Value} {series.Labels[1].Name} {series.Samples[0]}");
        Assert.Equal(["`baseline_total` span.x 2991", "`selection_total` span.x 9", .. Enumerable.Range(1, 9).Select(_ => "`selection` span.x 1"), "`baseline` __meta_error 0"], ofX);
    }

    static MetricsRequest Request(ulong start, ulong end, ulong step) => new() { Start = new UnixNanos(start), End = new UnixNanos(end), StepNanos = step };

    static async Task<MetricsResult> MeasureAsync(string text, MetricsRequest request, MemoryStore? store = null)
    {
        Assert.True(TraceQLQuery.TryCompile(text, out var query, out var error), $"{error}");
        store ??= await PlainBatches.StoreOfAsync(Fixture.Spans, () => 0);
        return await new TraceQLEngine(new ForgetfulStore(store), TimeProvider.System).MetricsAsync(query, request, CancellationToken.None);
    }
}
