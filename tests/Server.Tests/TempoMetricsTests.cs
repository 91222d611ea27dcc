using System.Globalization;
using System.Net;
using System.Text.Json;
using Clew.Server.Tempo;

namespace Clew.Server.Tests;

/// <summary>Time series and instants through Tempo's API.</summary>
public sealed class TempoMetricsTests
{
    [Theory]
    [InlineData("start=1700000000&end=1700000030&step=10s", "1700000000=1 1700000010=3 1700000020=2 1700000030=")]
    [InlineData("start=1700000000000000000&end=1700000030000000000&step=10", "1700000000=1 1700000010=3 1700000020=2 1700000030=")]
    [InlineData("start=1700000000.0&end=1700000030.00&step=10.0", "1700000000=1 1700000010=3 1700000020=2 1700000030=")]
    [InlineData("start=2023-11-14T22:13:20Z&end=2023-11-14T23:13:50.000%2B01:00&step=10s", "1700000000=1 1700000010=3 1700000020=2 1700000030=")]
    [InlineData("end=1700000030&since=30s&step=10000ms", "1700000000=1 1700000010=3 1700000020=2 1700000030=")]
    [InlineData("start=1700000001&end=1700000010&step=10s&exemplars=0&maxSeries=0", "1700000000=1 1700000010=3")]
    public async Task Times_may_be_written_in_every_way_of_Tempo(string times, string expected)
    {
        var answer = await TempoSample.GetJsonAsync($"/api/metrics/query_range?q={{}} | count_over_time()&{times}");
        JsonShape.AssertMatches(JsonShape.TempoSeries, answer);
        var series = answer.GetProperty("series")[0];
        Assert.Equal("""[{"key":"__name__","value":{"stringValue":"count_over_time"}}]""", series.GetProperty("labels").GetRawText());
        Assert.Equal(expected, Samples(series));
        Assert.Equal(1, answer.GetProperty("metrics").GetProperty("completedJobs").GetInt32());
        Assert.False(answer.TryGetProperty("status", out _));
    }

    [Theory]
    [InlineData("since=1d&step=12h", 12)]
    [InlineData("since=2w&step=1d12h", 36)]
    [InlineData("since=1y&step=52w1d", 365 * 24)]
    [InlineData("since=1.5h&step=0.5h", 0.5)]
    public async Task Days_weeks_and_years_are_durations(string times, double stepHours)
    {
        var answer = await TempoSample.GetJsonAsync($"/api/metrics/query_range?q={{}} | count_over_time()&end=1700000030&{times}");
        var stamps = answer.GetProperty("series")[0].GetProperty("samples").EnumerateArray().Select(sample => long.Parse(sample.GetProperty("timestampMs").GetString()!, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(stepHours * 3_600_000, stamps[1] - stamps[0]);
        var instant = await TempoSample.GetJsonAsync($"/api/metrics/query?q={{}} | count_over_time()&end=1700000030&{times}");
        Assert.Equal(6, instant.GetProperty("series")[0].GetProperty("value").GetDouble());
    }

    [Fact]
    public async Task A_count_of_nothing_is_a_line_of_zeros()
    {
        const string Range = "&start=1700000000&end=1700000010&step=10s";
        foreach (var query in (string[])["{ name = \"none\" } | rate()", "({ name = \"none\" } | rate()) / ({} | rate())"])
            Assert.Equal("1700000000= 1700000010=", Samples((await TempoSample.GetJsonAsync($"/api/metrics/query_range?q={query}{Range}")).GetProperty("series").EnumerateArray().Single()));
        foreach (var function in (string[])["rate() by (name)", "max_over_time(duration)", "quantile_over_time(duration, .5)", "histogram_over_time(duration)"])
            Assert.Equal(0, (await TempoSample.GetJsonAsync($"/api/metrics/query_range?q={{ name = \"none\" }} | {function}{Range}")).GetProperty("series").GetArrayLength());
    }

    [Fact]
    public async Task Series_have_labels_and_exemplars()
    {
        var answer = await TempoSample.GetJsonAsync(
            "/api/metrics/query_range?query={ kind = server } | rate() by (resource.zone, span.http.status_code)&start=1700000000&end=1700000020&step=10s&exemplars=10");
        JsonShape.AssertMatches(JsonShape.TempoSeries, answer);
        var series = answer.GetProperty("series");
        Assert.Equal(2, series.GetArrayLength());
        Assert.Equal(
            """[{"key":"resource.zone","value":{"stringValue":"eu"}},{"key":"span.http.status_code","value":{"intValue":"200"}}]""", series[0].GetProperty("labels").GetRawText());
        Assert.Equal("1700000000=0.1 1700000010= 1700000020=", Samples(series[0]));
        var exemplar = series[1].GetProperty("exemplars")[0];
        Assert.Equal(("1700000010000", 0.1), (exemplar.GetProperty("timestampMs").GetString(), exemplar.GetProperty("value").GetDouble()));
        Assert.Contains("""{"key":"trace:id","value":{"stringValue":"b00000000000000002"}}""", exemplar.GetProperty("labels").GetRawText(), StringComparison.Ordinal);
        Assert.Contains("\"server\"", exemplar.GetProperty("labels").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exemplars_come_unless_the_query_does_without()
    {
        const string Range = "&start=1700000000&end=1700000020&step=10s";
        var with = await TempoSample.GetJsonAsync("/api/metrics/query_range?q={} | max_over_time(duration)" + Range);
        var without = await TempoSample.GetJsonAsync("/api/metrics/query_range?q={} | max_over_time(duration) with (exemplars=false)" + Range);
        var exemplar = with.GetProperty("series")[0].GetProperty("exemplars").EnumerateArray().Single(exemplar => exemplar.GetProperty("timestampMs").GetString() == "1700000010000");
        Assert.Equal(2, exemplar.GetProperty("value").GetDouble());
        Assert.False(without.GetProperty("series")[0].TryGetProperty("exemplars", out _));
    }

    [Theory]
    [InlineData("quantile_over_time(duration, .5)", "\"p\"", "doubleValue")]
    [InlineData("histogram_over_time(duration)", "\"__bucket\"", "doubleValue")]
    [InlineData("compare({ status = error })", "\"__meta_type\"", "selection_total")]
    [InlineData("rate() by (span.none)", "\"span.none\"", "\"nil\"")]
    public async Task Other_functions_have_labels_of_their_own(string function, string key, string value)
    {
        var answer = await TempoSample.GetJsonAsync($"/api/metrics/query_range?q={{}} | {function}&start=1700000000&end=1700000020&step=10s");
        JsonShape.AssertMatches(JsonShape.TempoSeries, answer);
        var labels = string.Join(' ', answer.GetProperty("series").EnumerateArray().Select(series => series.GetProperty("labels").GetRawText()));
        Assert.Contains(key, labels, StringComparison.Ordinal);
        Assert.Contains(value, labels, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_instant_is_one_value_over_the_whole_range()
    {
        var answer = await TempoSample.GetJsonAsync("/api/metrics/query?q={} | count_over_time() by (resource.service.name)&start=1700000000&end=1700000030");
        JsonShape.AssertMatches("""{"series":[{"labels":["any"],"value?":"number"}],"metrics":"any"}""", answer);
        Assert.Equal([1.0, 3, 2], answer.GetProperty("series").EnumerateArray().Select(series => series.GetProperty("value").GetDouble()));
        var none = await TempoSample.GetJsonAsync("/api/metrics/query?q={ name = \"none\" } | rate()&start=1700000000&end=1700000030");
        Assert.Equal("""[{"labels":[{"key":"__name__","value":{"stringValue":"rate"}}]}]""", none.GetProperty("series").GetRawText());
    }

    [Fact]
    public async Task Series_beyond_the_bound_are_left_out_and_the_answer_says_so()
    {
        var answer = await TempoSample.GetJsonAsync("/api/metrics/query_range?q={} | rate() by (name)&start=1700000000&end=1700000030&step=10s&maxSeries=2");
        Assert.Equal((2, "PARTIAL"), (answer.GetProperty("series").GetArrayLength(), answer.GetProperty("status").GetString()));
        Assert.Contains("2 are left out", answer.GetProperty("message").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_that_takes_too_much_memory_answers_in_part()
    {
        await using var server = await ServerUnderTest.StartAsync(change: options => options with { Query = options.Query with { MemoryBytesMax = 64 << 10 } });
        var spans = new Spans();
        for (var id = 1UL; id <= 5_000; id++)
            spans.Span(id, start: TempoSample.Start + id, name: $"name {id}");
        await server.Store.AppendAsync(spans.Batch, default);
        var (_, _, body) = await server.GetTempoAsync("/api/metrics/query_range?q={} | rate() by (name)&start=1700000000&end=1700000030&step=10s");
        var answer = JsonElement.Parse(body);
        Assert.Equal("PARTIAL", answer.GetProperty("status").GetString());
        Assert.Contains("query.memory_bytes_max", answer.GetProperty("message").GetString()!, StringComparison.Ordinal);
        Assert.False(answer.GetProperty("metrics").TryGetProperty("completedJobs", out _));
    }

    [Theory]
    [InlineData("q={}", "not a metrics query")]
    [InlineData("", "parse error at line 1, col 1")]
    [InlineData("q={} | rate(", "parse error at line 1, col 11")]
    [InlineData("q={} | rate()&start=x", "invalid start")]
    [InlineData("q={} | rate()&start=-5", "invalid start")]
    [InlineData("q={} | rate()&since=5", "invalid since")]
    [InlineData("q={} | rate()&since=1h1d", "invalid since")]
    [InlineData("q={} | rate()&step=1d1w", "invalid step")]
    [InlineData("q={} | rate()&step=0", "invalid step")]
    [InlineData("q={} | rate()&step=-1s", "invalid step")]
    [InlineData("q={} | rate()&step=abc", "invalid step")]
    [InlineData("q={} | rate()&start=1700000030&end=1700000000", "start must be before end")]
    [InlineData("q={} | rate()&start=1700000000&end=1700100000&step=1s", "more than 10000 points")]
    [InlineData("q={} | rate()&exemplars=x", "invalid exemplars")]
    [InlineData("q={} | rate()&maxSeries=-1", "invalid maxSeries")]
    public Task A_question_that_means_nothing_is_refused(string query, string expected) =>
        TempoSample.AssertRefusedAsync($"/api/metrics/query_range?{query}", HttpStatusCode.BadRequest, expected);

    [Theory]
    [InlineData(30, 0.1)]
    [InlineData(5, 0.05)]
    [InlineData(60, 1)]
    [InlineData(3_600, 15)]
    [InlineData(1_800, 5)]
    [InlineData(86_400, 300)]
    [InlineData(21_600, 60)]
    [InlineData(7 * 86_400, 2_400)]
    [InlineData(30 * 86_400, 10_800)]
    public void The_step_fits_the_range(int rangeSeconds, double expectedSeconds) =>
        Assert.Equal(expectedSeconds, MetricsQuestion.DefaultStepNanos((ulong)rangeSeconds * 1_000_000_000) / 1e9);

    // Seconds of the stamp and the value, where there is one.
    static string Samples(JsonElement series) => string.Join(' ', series.GetProperty("samples").EnumerateArray()
        .Select(sample => $"{sample.GetProperty("timestampMs").GetString()![..^3]}={(sample.TryGetProperty("value", out var value) ? value.GetRawText() : "")}"));
}
