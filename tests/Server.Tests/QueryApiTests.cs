using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Clew.Model;

namespace Clew.Server.Tests;

/// <summary>Queries through Clew's API: TraceQL and the simple form. What the language means is tested where it lives.</summary>
public sealed class QueryApiTests
{
    const ulong Second = 1_000_000_000, Base = 1_700_000_000 * Second;

    static readonly TraceId One = new(0, 1), Two = new(0, 2);

    static readonly SpanBatch Sample = new Spans()
        .Service("shop", ("host.name", "web-1"))
        .Span(0x11, start: Base, end: Base + Second, name: "GET /cart", trace: One, kind: SpanKind.Server, attributes: [("http.response.status_code", 200), ("tenant", "acme")])
        .Service("stock")
        .Span(0x12, parent: 0x11, start: Base + 200_000_000, end: Base + 900_000_000, name: "reserve", trace: One, status: StatusCode.Error, message: "sold out", attributes: [("tier", "l2")])
        .Span(0x13, parent: 0x11, start: Base + 300_000_000, end: Base + 400_000_000, name: "reserve", trace: One, attributes: [("tier", "l1")])
        .Service("shop")
        .Span(0x21, start: Base + 60 * Second, end: Base + 61 * Second, name: "GET /cart", trace: Two, kind: SpanKind.Server, attributes: [("http.response.status_code", "200"), ("ratio", 0.5)])
        .Batch;

    static string Range => $"start={Base}&end={Base + 120 * Second}";

    [Fact]
    public async Task A_search_by_query_says_what_it_understood_and_what_of_each_trace_matches()
    {
        var (_, body) = await GetAsync("search?q=" + Uri.EscapeDataString("service=stock operation=reserve | select(.tier)"));
        Assert.Equal("{ resource.service.name = `stock` && name = `reserve` } | select(.tier)", body.GetProperty("query").GetString());
        Assert.Equal(
            """
            [{"traceId":"00000000000000000000000000000001","rootServiceName":"shop","rootOperationName":"GET /cart","startTimeUnixNano":"1700000000000000000","durationNanos":"1000000000","spanCount":3,"errorCount":1,"orphanCount":0,"services":[{"name":"shop","spanCount":1,"errorCount":0},{"name":"stock","spanCount":2,"errorCount":1}],"spanSets":[{"matched":2,"attributes":[],"spans":[{"spanId":"0000000000000012","name":"reserve","startTimeUnixNano":"1700000000200000000","durationNanos":"700000000","attributes":[{"name":"service.name","type":"string","value":"stock"},{"name":"tier","type":"string","value":"l2"}]},{"spanId":"0000000000000013","name":"reserve","startTimeUnixNano":"1700000000300000000","durationNanos":"100000000","attributes":[{"name":"service.name","type":"string","value":"stock"},{"name":"tier","type":"string","value":"l1"}]}]}]}]
            """,
            body.GetProperty("traces").GetRawText());
    }

    [Theory]
    [InlineData("{ }", "2 1")]
    [InlineData("http.response.status_code=200", "2 1")]
    [InlineData("{ .http.response.status_code = 200 }", "1")]
    [InlineData("error=true", "1")]
    [InlineData("RESERVE", "1")]
    [InlineData("service=nobody", "")]
    [InlineData("{ } | count() > 2", "1")]
    public async Task A_search_takes_either_form(string query, string expected)
    {
        var (status, body) = await GetAsync("search?q=" + Uri.EscapeDataString(query));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(expected, IdsOf(body));
    }

    [Theory]
    [InlineData("search?q=")]
    [InlineData("histogram?q=")]
    [InlineData("facets?q=")]
    [InlineData("metrics?q=")]
    public async Task A_pattern_that_takes_too_long_is_refused_with_what_to_do(string path)
    {
        await using var server = await ServerUnderTest.StartAsync();
        server.Store.ReadFailure = new RegexMatchTimeoutException("a text", ".*a.{900}c", TimeSpan.FromMilliseconds(250));
        var query = Uri.EscapeDataString("{ .text =~ `.*a.{900}c` }" + (path.StartsWith("metrics", StringComparison.Ordinal) ? " | rate()" : ""));
        var (status, body) = await server.GetJsonAsync($"/api/clew/v1/{path}{query}&{Range}");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("took longer than 250 ms on one text; make it simpler", body.GetProperty("error").GetProperty("message").GetString()!, StringComparison.Ordinal);
        foreach (var question in (string[])["search?q=", "v2/search/tags?q=", "v2/search/tag/name/values?q="])
        {
            using var answer = await server.Client.GetAsync(new Uri(server.Tempo, $"/api/{question}{Uri.EscapeDataString("{ .text =~ `.*a.{900}c` }")}"));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("{ span.tenat = `acme` }", "No span has the attribute span.tenat. Did you mean span.tenant?")]
    [InlineData("http.respnse.status_code=200", "No span has the attribute .http.respnse.status_code. Did you mean span.http.response.status_code?")]
    [InlineData("{ resource.hostname = `web-1` } || { .nothing.like.it }", "No span has the attribute resource.hostname. Did you mean resource.host.name?|No span has the attribute .nothing.like.it.")]
    [InlineData("{ .status_code = 200 || span.http.status_code = 200 }", "No span has the attribute .status_code. Did you mean span.http.response.status_code?|No span has the attribute span.http.status_code. Did you mean span.http.response.status_code?")]
    [InlineData("{ span.service.name = `shop` }", "service.name is an attribute of the resource: resource.service.name.")]
    [InlineData("{ resource.tier = `l2` }", "tier is an attribute of the span: span.tier.")]
    [InlineData("{ .duration > 1ms && span.operation = `reserve` && .service = `shop` }", "No span has the attribute .duration. Did you mean duration?|No span has the attribute span.operation. Did you mean name?|No span has the attribute .service. Did you mean resource.service.name?")]
    [InlineData("{ event.name = `exception` || instrumentation.version = `1` || link.spanID = `1` || span.id = `1` }", "No span has the attribute event.name. Did you mean event:name?|No span has the attribute instrumentation.version. Did you mean instrumentation:version?|No span has the attribute link.spanID. Did you mean link:spanID?|No span has the attribute span.id. Did you mean span:id?")]
    [InlineData("{ event.duration > 1ms || instrumentation.operation = `reserve` }", "No span has the attribute event.duration.|No span has the attribute instrumentation.operation.")]
    [InlineData("service=shopp", "No stored span is of service `shopp`. Did you mean `shop`?")]
    [InlineData("{ rootServiceName = `nobody at all` }", "No stored span is of service `nobody at all`.")]
    [InlineData("{ .tier = `l9` }", "")]
    [InlineData("{ }", "")]
    public async Task A_query_that_finds_nothing_is_told_which_of_its_names_no_span_has(string query, string hints)
    {
        await using var server = await StartAsync();
        foreach (var path in (string[])[$"search?q={Uri.EscapeDataString(query)}", $"histogram?q={Uri.EscapeDataString(query)}&{Range}", $"metrics?q={Uri.EscapeDataString(query + " | rate()")}&{Range}"])
            Assert.Equal(hints, HintsOf((await server.GetJsonAsync("/api/clew/v1/" + path)).Body));
    }

    [Fact]
    public async Task Names_are_not_doubted_while_nothing_is_stored_nor_when_not_all_was_looked_at()
    {
        await using var empty = await ServerUnderTest.StartAsync();
        Assert.Equal("", HintsOf((await empty.GetJsonAsync("/api/clew/v1/search?q=tenat%3Dacme")).Body));
        var clock = new HastyClock();
        await using var hasty = await ServerUnderTest.StartAsync(change: options => options with { Query = options.Query with { Timeout = TimeSpan.FromSeconds(1) } }, time: clock);
        await hasty.Store.AppendAsync(Sample, default);
        clock.IsHasty = true;
        var (_, body) = await hasty.GetJsonAsync("/api/clew/v1/search?q=tenat%3Dacme");
        Assert.Equal(("time", ""), (body.GetProperty("partial").GetProperty("limit").GetString(), HintsOf(body)));
    }

    [Theory]
    [InlineData("{ resource.service.name = `` && duration < 0s }", "")]
    [InlineData("{ rootServiceName = `empty-service-name` && duration < 0s }", "")]
    [InlineData("{ resource.service.name = `empty-service-nam` }", "No stored span is of service `empty-service-nam`.")]
    public async Task What_the_store_calls_services_without_a_name_is_neither_doubted_nor_meant(string query, string hints)
    {
        await using var server = await StartAsync();
        await server.Store.AppendAsync(new Spans().Service("").Span(0x31, start: Base, end: Base + Second, name: "nameless", trace: new TraceId(0, 3)).Batch, default);
        Assert.Equal(hints, HintsOf((await server.GetJsonAsync("/api/clew/v1/search?q=" + Uri.EscapeDataString(query))).Body));
    }

    [Fact]
    public async Task Services_are_not_doubted_when_there_are_more_than_are_listed()
    {
        await using var server = await StartAsync();
        server.Store.UnlistedOperationCount = 1;
        Assert.Equal("No span has the attribute .tenat. Did you mean span.tenant?", HintsOf((await server.GetJsonAsync("/api/clew/v1/search?q=service%3Dshopp+tenat%3Dacme")).Body));
    }

    [Fact]
    public async Task Names_are_not_doubted_while_a_part_of_the_store_cannot_be_read()
    {
        await using var server = await StartAsync();
        async Task<string> HintsAsync() => HintsOf((await server.GetJsonAsync("/api/clew/v1/search?q=tenat%3Dacme")).Body);
        server.Store.Unreachable = ["s3://traces does not answer."];
        Assert.Equal("", await HintsAsync());
        (server.Store.Unreachable, server.Store.Damage) = ([], ["blocks/0000000001.block is damaged."]);
        Assert.Equal("", await HintsAsync());
        server.Store.Damage = [];
        Assert.NotEqual("", await HintsAsync());
    }

    [Fact]
    public async Task Pages_follow_each_other_by_what_the_one_before_said_is_next()
    {
        await using var server = await StartAsync();
        var (_, first) = await server.GetJsonAsync("/api/clew/v1/search?q={}&limit=1");
        Assert.Equal("2", IdsOf(first));
        var (_, second) = await server.GetJsonAsync($"/api/clew/v1/search?q={{}}&limit=1&after={first.GetProperty("next").GetString()}");
        Assert.Equal("1", IdsOf(second));
        if (second.TryGetProperty("next", out var next))
            Assert.Equal("", IdsOf((await server.GetJsonAsync($"/api/clew/v1/search?q={{}}&limit=1&after={next.GetString()}")).Body));
    }

    [Fact]
    public async Task Fewer_spans_are_shown_than_match_when_fewer_are_asked_for()
    {
        var (_, body) = await GetAsync("search?q=service%3Dstock&spans=1");
        var spanset = body.GetProperty("traces")[0].GetProperty("spanSets")[0];
        Assert.Equal((2, 1), (spanset.GetProperty("matched").GetInt32(), spanset.GetProperty("spans").GetArrayLength()));
    }

    [Fact]
    public async Task An_explanation_has_the_plan_what_was_read_and_how_long_it_took()
    {
        var (_, body) = await GetAsync("search?q=service%3Dstock&explain=true");
        var explain = body.GetProperty("explain");
        Assert.NotEmpty(explain.GetProperty("plan").EnumerateArray());
        Assert.Equal(["blocks", "rowGroups", "rows"], explain.EnumerateObject().Where(part => part.Value.ValueKind == JsonValueKind.Object).Select(part => part.Name));
        Assert.Equal(1, explain.GetProperty("traces").GetInt32());
        Assert.Equal(["search"], explain.GetProperty("stages").EnumerateArray().Select(stage => stage.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Metrics_have_a_sample_for_each_step_and_null_where_there_is_none()
    {
        var (_, body) = await GetAsync($"metrics?q={Uri.EscapeDataString("{ } | max_over_time(duration) by (resource.service.name)")}&step=1m&{Range}&exemplars=10");
        Assert.Equal("{ true } | max_over_time(duration) by(resource.service.name)", body.GetProperty("query").GetString());
        var times = body.GetProperty("timesUnixNano").GetArrayLength();
        var stock = body.GetProperty("series").EnumerateArray().Single(series => series.GetProperty("labels")[0].GetProperty("value").GetString() == "stock");
        Assert.Equal("""[{"name":"resource.service.name","type":"string","value":"stock"}]""", stock.GetProperty("labels").GetRawText());
        var samples = stock.GetProperty("samples").EnumerateArray().ToArray();
        Assert.Equal(times, samples.Length);
        Assert.Equal(0.7, Assert.Single(samples, sample => sample.ValueKind == JsonValueKind.Number).GetDouble(), 6);
        Assert.NotEmpty(stock.GetProperty("exemplars").EnumerateArray());
    }

    [Fact]
    public async Task Metrics_without_a_step_are_one_sample_over_the_whole_range()
    {
        var (_, body) = await GetAsync($"metrics?q={Uri.EscapeDataString("error=false | count_over_time()")}&{Range}");
        Assert.Equal($"""["{Base + 120 * Second}"]""", body.GetProperty("timesUnixNano").GetRawText());
        Assert.Equal("[3]", Assert.Single(body.GetProperty("series").EnumerateArray()).GetProperty("samples").GetRawText());
    }

    [Fact]
    public async Task A_histogram_counts_errors_and_others_of_what_any_query_matches()
    {
        var (_, body) = await GetAsync($"histogram?q=&{Range}&buckets=4");
        Assert.Equal("60000000000", body.GetProperty("widthNanos").GetString());
        var bars = body.GetProperty("bars").EnumerateArray().Select(bar => $"{(long.Parse(bar.GetProperty("startTimeUnixNano").GetString()!, CultureInfo.InvariantCulture) - (long)Base) / (long)Second}:{bar.GetProperty("error")}+{bar.GetProperty("other")}");
        Assert.Equal("0:1+2 40:0+1 100:0+0", string.Join(' ', bars));
    }

    [Theory]
    [InlineData(0, 0, "")]
    [InlineData(0, 200, "0:0+1 100:1+0")]
    [InlineData(150, 250, "150:1+0 200:0+0")]
    [InlineData(250, 350, "250:0+1 300:0+0")]
    public async Task Bars_stay_within_the_range_and_so_do_the_spans_they_count(int startMillis, int endMillis, string expected)
    {
        var (start, end) = (Base + ((ulong)startMillis * 1_000_000), Base + ((ulong)endMillis * 1_000_000));
        var (_, body) = await GetAsync($"histogram?start={start}&end={end}&buckets=2");
        var bars = body.GetProperty("bars").EnumerateArray().Select(bar => $"{(ulong.Parse(bar.GetProperty("startTimeUnixNano").GetString()!, CultureInfo.InvariantCulture) - Base) / 1_000_000}:{bar.GetProperty("error")}+{bar.GetProperty("other")}");
        Assert.Equal(expected, string.Join(' ', bars));
    }

    [Theory]
    [InlineData("service=shop duration>1s", """{"query":"{ resource.service.name = `shop` && duration > 1s }","form":"simple","answers":"traces"}""")]
    [InlineData("{} | rate()", """{"query":"{ true } | rate()","form":"traceql","answers":"metrics"}""")]
    public async Task A_translation_is_canonical_TraceQL(string query, string expected)
    {
        var (_, body) = await GetAsync("translate?q=" + Uri.EscapeDataString(query));
        Assert.Equal(expected, body.GetRawText());
    }

    [Fact]
    public async Task A_mistake_in_a_query_is_told_with_its_line_and_column()
    {
        var (status, body) = await GetAsync("translate?q=" + Uri.EscapeDataString("service=shop\nduration>100"));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(
            """{"error":{"message":"invalid query at line 2, col 10: duration is '100'; expected a unit with the number, as in 100ms","parameter":"q","reason":"duration is '100'; expected a unit with the number, as in 100ms","line":2,"column":10}}""",
            body.GetRawText());
    }

    [Theory]
    [InlineData("search?q={}&service=shop", "service", "service cannot stand beside q: write it into the query, as in q=service=shop duration>1s.")]
    [InlineData("search?spans=3", "spans", "spans goes with a query only: q=TEXT.")]
    [InlineData("search?q={}&spans=many", "spans", "spans is 'many'; expected 0 to 1000.")]
    [InlineData("search?q={}&limit=0", "limit", "limit is '0'; expected 1 to 1500 (query.traces_max).")]
    [InlineData("search?q={}&after=there", "after", "after is 'there'; expected what the page before said is next.")]
    [InlineData("search?q={}&explain=yes", "explain", "explain is 'yes'; expected true or false.")]
    [InlineData("search?q={}%20|%20rate()", "q", "'{ true } | rate()' asks for time series: /api/clew/v1/metrics answers those.")]
    [InlineData("search?query={}", "query", "There is no parameter 'query'. Known are service, operation, tag, minDuration, maxDuration, start, end, limit, q, spans, after, explain.")]
    [InlineData("metrics?q={}", "q", "'{ true }' asks for traces, which /api/clew/v1/search answers: for time series put a function behind it, as in { } | rate().")]
    [InlineData("metrics?q={}|rate()&step=often", "step", "step is 'often'; expected a duration such as 100ms, 1.2s or 1h3m.")]
    [InlineData("metrics?q={}|rate()&step=1ms", "step", "step 1ms cuts the range into more than 10000 pieces; make it longer.")]
    [InlineData("metrics?q={}|rate()&start=5&end=4", "end", "The range ends before it starts: start is 5, end is 4.")]
    [InlineData("histogram?q={}|rate()", "q", "A histogram counts the spans that a query for traces matches, and '{ true } | rate()' asks for time series: leave out what begins with its metrics function.")]
    [InlineData("histogram?buckets=0", "buckets", "buckets is '0'; expected 1 to 1000.")]
    [InlineData("histogram?start=0&end=18446744073709551615&buckets=1", "start", "From 0 to 18446744073709551615 is longer than any histogram; narrow the range.")]
    [InlineData("translat?q=x", "", "There is nothing at /api/clew/v1/translat")]
    public async Task A_mistake_names_its_parameter(string path, string parameter, string message)
    {
        var (status, body) = await GetAsync(path.Replace("|", "%7C", StringComparison.Ordinal));
        Assert.Equal(parameter.Length > 0 ? HttpStatusCode.BadRequest : HttpStatusCode.NotFound, status);
        var error = body.GetProperty("error");
        Assert.StartsWith(message, error.GetProperty("message").GetString()!, StringComparison.Ordinal);
        Assert.Equal(parameter, error.TryGetProperty("parameter", out var named) ? named.GetString() : "");
    }

    [Theory]
    [InlineData(1 << 20, 1 << 30, "query.memory_bytes_max")]
    [InlineData(1 << 28, 1 << 20, "query.memory_bytes_total_max")]
    public async Task A_query_that_has_spent_its_share_answers_in_part_and_names_the_lower_bound(long bytesMax, long bytesTotalMax, string setting)
    {
        var query = new QueryOptions { MemoryBytesMax = bytesMax, MemoryBytesTotalMax = bytesTotalMax };
        await using var server = await ServerUnderTest.StartAsync(change: options => options with { Query = query });
        var many = new Spans();
        for (var id = 1UL; id <= 8_000; id++)
            many.Span(id, start: Base + id, end: Base + id + 1, name: $"op {id}");
        await server.Store.AppendAsync(many.Batch, default);
        var (_, body) = await server.GetJsonAsync($"/api/clew/v1/metrics?q={Uri.EscapeDataString("{} | rate() by (name)")}&{Range}&step=1s");
        Assert.Equal("memory", body.GetProperty("partial").GetProperty("limit").GetString());
        Assert.Contains($"({setting})", body.GetProperty("partial").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    static async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path)
    {
        await using var server = await StartAsync();
        return await server.GetJsonAsync("/api/clew/v1/" + path);
    }

    static async Task<ServerUnderTest> StartAsync()
    {
        var server = await ServerUnderTest.StartAsync();
        await server.Store.AppendAsync(Sample, default);
        return server;
    }

    static string HintsOf(JsonElement body) =>
        body.TryGetProperty("hints", out var hints) ? string.Join('|', hints.EnumerateArray().Select(hint => hint.GetString())) : "";

    static string IdsOf(JsonElement body) =>
        string.Join(' ', body.GetProperty("traces").EnumerateArray().Select(trace => trace.GetProperty("traceId").GetString()!.TrimStart('0')));
}
