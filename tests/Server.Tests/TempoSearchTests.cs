using System.Net;
using System.Text.Json;

namespace Clew.Server.Tests;

/// <summary>Searches through Tempo's API, in TraceQL and in the two ways from before it.</summary>
public sealed class TempoSearchTests
{
    const string Times = "start=1700000000&end=1700000100";

    [Theory]
    [InlineData("q={}", "3 2 1")]
    [InlineData("q=", "3 2 1")]
    [InlineData(Times, "3 2 1")]
    [InlineData("q={}&start=1700000010&end=1700000019", "2")]
    [InlineData("q={}&start=1700000020&end=1700000021", "3")]
    [InlineData("q={}&start=1699999990&end=1700000000", "1")]
    [InlineData("q={}&start=1699999000&end=1699999999", "")]
    [InlineData("q={ resource.service.name=%22shop%22 %26%26 name=%22GET /cart%22 %26%26 duration>10ms }", "2")]
    [InlineData("q={ .http.status_code = 200 } %26%26 { status = error }", "1")]
    [InlineData("q={ event.attempt = %222%22 }", "1")]
    [InlineData("q={ name = %22nothing%22 }", "")]
    [InlineData("q={}&limit=1", "3")]
    [InlineData("q={}&minDuration=1s", "2")]
    [InlineData("tags=service.name%3Dshop", "2 1")]
    [InlineData("tags=service.name%3Dshop http.status_code%3D200", "1")]
    [InlineData("tags=http.status_code%3D500 cached%3Dtrue", "")]
    [InlineData("tags=cached%3Dtrue db.system%3Dpostgres", "1")]
    [InlineData("tags=ratio%3D0.5", "1")]
    [InlineData("tags=%22a%22", "!expecting a key")]
    [InlineData("tags=zone%3Deu&minDuration=9ms&maxDuration=9ms", "1")]
    [InlineData("tags=name%3D%22GET /cart%22 zone%3Dus", "2")]
    [InlineData("tags=error%3Dtrue", "1")]
    [InlineData("tags=status.code%3Derror", "1")]
    [InlineData("tags=root.name%3D%22GET /cart%22 root.service.name%3Dshop", "2 1")]
    [InlineData("tags=none%3D", "")]
    [InlineData("minDuration=1s&maxDuration=1m", "2")]
    [InlineData("maxDuration=100us", "3")]
    [InlineData("service.name=shop&http.status_code=500", "2")]
    [InlineData("service.name=shop&limit=1&spss=5&minDuration=1ms", "2")]
    [InlineData("service.name=shop&cached=", "2 1")]
    public async Task A_search_finds(string query, string expected)
    {
        if (expected.StartsWith('!'))
        {
            await TempoSample.AssertRefusedAsync($"/api/search?{query}", HttpStatusCode.BadRequest, expected[1..]);
            return;
        }

        var answer = await TempoSample.GetJsonAsync($"/api/search?{query}");
        JsonShape.AssertMatches(JsonShape.TempoSearch, answer);
        Assert.Equal(expected, string.Join(' ', answer.GetProperty("traces").EnumerateArray().Select(Number)));
    }

    [Fact]
    public async Task A_found_trace_says_what_matched()
    {
        var answer = await TempoSample.GetJsonAsync("/api/search?q={ .http.status_code >= 200 %26%26 kind = server } | select(resource.zone)&limit=20&spss=1&" + Times);
        var trace = answer.GetProperty("traces")[1];
        const string Spanset =
            """
            {"spans":[{"spanID":"0000000000000011","name":"GET /cart","startTimeUnixNano":"1700000000000000000","durationNanos":"9000000","attributes":[{"key":"http.status_code","value":{"intValue":"200"}},{"key":"kind","value":{"stringValue":"server"}},{"key":"zone","value":{"stringValue":"eu"}}]}],"matched":1}
            """;
        Assert.Equal(
            $$$$"""
            {"traceID":"000000000000000000000000000000a1","rootServiceName":"shop","rootTraceName":"GET /cart","startTimeUnixNano":"1700000000000000000","durationMs":9,"spanSet":{{{{Spanset}}}},"spanSets":[{{{{Spanset}}}}],"serviceStats":{"shop":{"spanCount":1},"stock":{"spanCount":2,"errorCount":2}}}
            """,
            trace.GetRawText());
        var metrics = answer.GetProperty("metrics");
        Assert.Equal((1, 1), (metrics.GetProperty("completedJobs").GetInt32(), metrics.GetProperty("totalJobs").GetInt32()));
    }

    [Fact]
    public async Task Spansets_carry_what_was_worked_out_of_them()
    {
        var answer = await TempoSample.GetJsonAsync("/api/search?q={ resource.zone = %22us%22 } | by(span:kind) | count() > 0 | avg(duration) >= 1s&spss=0");
        var spansets = answer.GetProperty("traces")[0].GetProperty("spanSets").EnumerateArray()
            .Select(spanset => string.Join(' ', spanset.GetProperty("attributes").EnumerateArray().Select(attribute => $"{attribute.GetProperty("key")}={attribute.GetProperty("value")}")));
        Assert.Equal(
            [
                """avg(duration)={"stringValue":"1s"} by(kind)={"stringValue":"internal"} count()={"intValue":"1"}""",
                """avg(duration)={"stringValue":"2s"} by(kind)={"stringValue":"server"} count()={"intValue":"1"}""",
            ],
            spansets.Select(set => string.Join(' ', set.Split(' ').Order(StringComparer.Ordinal))).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Matches_are_counted_beyond_the_spans_that_are_shown()
    {
        var answer = await TempoSample.GetJsonAsync("/api/search?q={ resource.zone = %22us%22 }&spss=1");
        var spanset = answer.GetProperty("traces")[0].GetProperty("spanSet");
        Assert.Equal((1, 2), (spanset.GetProperty("spans").GetArrayLength(), spanset.GetProperty("matched").GetInt32()));
    }

    [Fact]
    public async Task A_trace_without_its_root_says_so_and_what_is_short_has_no_duration()
    {
        var answer = await TempoSample.GetJsonAsync("/api/search?q={ name = %22tick%22 }");
        var trace = answer.GetProperty("traces")[0];
        Assert.Equal("<root span not yet received>", trace.GetProperty("rootServiceName").GetString());
        Assert.False(trace.TryGetProperty("rootTraceName", out _));
        Assert.False(trace.TryGetProperty("durationMs", out _));
    }

    [Theory]
    [InlineData("q={}&tags=a%3Db", "can't specify tags and q in the same query")]
    [InlineData("tags=a%3Db a%3Dc", "tag a has been set twice")]
    [InlineData("tags=a%3D%22b", "quote that is not closed")]
    [InlineData("q={ .a = }", "parse error at line 1, col 8")]
    [InlineData("q={ name = 1 }", "invalid query at line 1")]
    [InlineData("q={} | rate()", "query for metrics")]
    [InlineData("limit=0", "invalid limit")]
    [InlineData("limit=-1", "invalid limit")]
    [InlineData("limit=x", "invalid limit")]
    [InlineData("limit=1501", "exceeds max limit 1500")]
    [InlineData("spss=101", "invalid spss")]
    [InlineData("spss=-1", "invalid spss")]
    [InlineData("minDuration=5", "invalid minDuration")]
    [InlineData("maxDuration=-1s", "invalid maxDuration")]
    [InlineData("minDuration=2s&maxDuration=1s", "invalid maxDuration")]
    [InlineData("start=2&end=1", "start must be before end")]
    [InlineData("start=1&end=1", "start must be before end")]
    [InlineData("start=1", "start must be before end")]
    [InlineData("start=1.5&end=2", "invalid start")]
    [InlineData("start=1700000000000000000&end=1700000001000000000", "invalid start")]
    public Task A_search_that_means_nothing_is_refused(string query, string expected) =>
        TempoSample.AssertRefusedAsync($"/api/search?{query}", HttpStatusCode.BadRequest, expected);

    [Fact]
    public async Task There_are_only_so_many_tags()
    {
        await TempoSample.GetJsonAsync($"/api/search?tags={string.Join(' ', Enumerable.Range(0, 50).Select(number => $"k{number}%3Dv"))}");
        await TempoSample.AssertRefusedAsync(
            $"/api/search?tags={string.Join(' ', Enumerable.Range(0, 51).Select(number => $"k{number}%3Dv"))}", HttpStatusCode.BadRequest, "invalid tags: 51 are too many, at most 50");
    }

    [Fact]
    public async Task Queries_beyond_the_places_there_are_are_refused_for_now()
    {
        await using var server = await TempoSample.StartAsync(new LimitsOptions { ConcurrentQueriesMax = 1 });
        server.Store.HoldReads();
        var first = server.GetJsonAsync("/api/services");
        await Until.TrueAsync(() => Task.FromResult(server.Store.WaitingReads == 1));
        var (status, type, body) = await server.GetTempoAsync("/api/search?q={}");
        Assert.Equal((HttpStatusCode.TooManyRequests, "text/plain; charset=utf-8"), (status, type));
        Assert.Contains("concurrent_queries_max", System.Text.Encoding.UTF8.GetString(body), StringComparison.Ordinal);
        server.Store.ReleaseReads();
        await first;
    }

    static string Number(JsonElement trace) => trace.GetProperty("traceID").GetString() switch
    {
        "000000000000000000000000000000a1" => "1",
        "00000000000000b00000000000000002" => "2",
        "00000000000000070000000000000003" => "3",
        var other => other ?? "",
    };
}
