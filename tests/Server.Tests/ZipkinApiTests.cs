using System.Net;
using System.Text;
using System.Text.Json;
using Clew.Model;

namespace Clew.Server.Tests;

public sealed class ZipkinApiTests
{
    const ulong Second = 1_000_000_000, Now = 1_700_000_000 * Second;
    const string EndTs = "endTs=1700000000000";

    static readonly TraceId One = new(0, 1), Two = new(0, 2), Three = new(7, 3);

    // Trace 1, 10 s ago: Shop → Stock, an error there. Trace 2, 5 s ago: Shop alone. Trace 3, two days ago: a 128-bit id.
    static readonly SpanBatch Sample = new Spans()
        .Service("Shop", ("zone", "eu"))
        .Event(Now - 10 * Second + 5_000, "cache.miss", ("key", "k"))
        .Span(0x11, start: Now - 10 * Second, end: Now - 10 * Second + 3_000_000, name: "GET /Cart", trace: One, kind: SpanKind.Server, attributes: [("http.status_code", 200)])
        .Span(0x12, parent: 0x11, start: Now - 10 * Second + 1_000_000, end: Now - 10 * Second + 1_500_000, name: "call", trace: One, kind: SpanKind.Client, attributes: [("peer.service", "Stock")])
        .Service("Stock")
        .Span(0x13, parent: 0x12, start: Now - 9 * Second, end: Now - 9 * Second + 2_000_000, name: "Reserve", trace: One, kind: SpanKind.Server, status: StatusCode.Error, message: "sold out")
        .Service("Shop")
        .Event(Now - 5 * Second, "retry")
        .Span(0x21, start: Now - 5 * Second, end: Now - 4 * Second, name: "GET /Cart", trace: Two, kind: SpanKind.Client, attributes: [("peer.service", "DB"), ("note", "a and b")])
        .Service("old")
        .Span(0x31, start: Now - 172_800 * Second, end: Now - 172_799 * Second, name: "tick", trace: Three)
        .Batch;

    [Theory]
    [InlineData("services", """["old","shop","stock"]""")]
    [InlineData("spans?serviceName=shop", """["call","get /cart"]""")]
    [InlineData("spans?serviceName=SHOP", """["call","get /cart"]""")]
    [InlineData("spans?serviceName=none", "[]")]
    [InlineData("remoteServices?serviceName=shop", """["db","stock"]""")]
    [InlineData("remoteServices?serviceName=none", "[]")]
    [InlineData("autocompleteKeys", "[]")]
    [InlineData("autocompleteValues?key=env", "[]")]
    [InlineData("traceMany?traceIds=9,a", "[]")]
    [InlineData("dependencies?endTs=1700000000000", """[{"parent":"shop","child":"db","callCount":1},{"parent":"shop","child":"stock","callCount":1,"errorCount":1}]""")]
    [InlineData("dependencies?endTs=1700000000000&lookback=6000", """[{"parent":"shop","child":"db","callCount":1}]""")]
    [InlineData("dependencies?endTs=1700000000", "[]")]
    public async Task Names_and_links_are_in_lower_case_and_in_order(string query, string expected)
    {
        await using var server = await StartAsync();
        Assert.Equal((HttpStatusCode.OK, expected), await GetAsync(server, query));
    }

    [Theory]
    [InlineData("", "2 1")]
    [InlineData("serviceName=shop", "2 1")]
    [InlineData("serviceName=Stock", "1")]
    [InlineData("serviceName=none", "")]
    [InlineData("serviceName=shop&limit=1", "2")]
    [InlineData("serviceName=shop&spanName=get+%2Fcart", "2 1")]
    [InlineData("serviceName=shop&spanName=call", "1")]
    [InlineData("serviceName=shop&spanName=reserve", "")]
    [InlineData("spanName=reserve", "1")]
    [InlineData("serviceName=shop&spanName=all", "2 1")]
    [InlineData("serviceName=shop&remoteServiceName=DB", "2")]
    [InlineData("serviceName=stock&remoteServiceName=stock", "")]
    [InlineData("minDuration=3000", "2 1")]
    [InlineData("minDuration=3001", "2")]
    [InlineData("minDuration=1&maxDuration=3000", "1")]
    [InlineData("minDuration=500&maxDuration=500", "1")]
    [InlineData("serviceName=stock&minDuration=2001", "")]
    [InlineData("lookback=10000", "2 1")]
    [InlineData("lookback=9999", "2")]
    [InlineData("endTs=1699999995000", "2 1")]
    [InlineData("endTs=1699999994999", "1")]
    [InlineData("endTs=1699999990000&lookback=1", "1")]
    [InlineData("lookback=172800000", "2 1 3")]
    [InlineData("annotationQuery=error", "1")]
    [InlineData("annotationQuery=error%3Dsold+out", "1")]
    [InlineData("annotationQuery=error%3Dother", "")]
    [InlineData("serviceName=shop&annotationQuery=error", "")]
    [InlineData("annotationQuery=http.status_code%3D200", "1")]
    [InlineData("annotationQuery=http.status_code%3D20", "")]
    [InlineData("annotationQuery=http.status_code%3D", "1")]
    [InlineData("annotationQuery=http.status_code", "1")]
    [InlineData("annotationQuery=zone%3Deu", "1")]
    [InlineData("annotationQuery=retry", "2")]
    [InlineData("annotationQuery=peer.service%3DStock", "1")]
    [InlineData("annotationQuery=cache.miss", "1")]
    [InlineData("annotationQuery=cache", "")]
    [InlineData("annotationQuery=cache.miss+and+http.status_code%3D200+and+error", "1")]
    [InlineData("annotationQuery=retry+and+error", "")]
    [InlineData("annotationQuery=otel.status_code%3DERROR", "1")]
    [InlineData("serviceName=shop&spanName=call&annotationQuery=cache.miss&minDuration=3000", "1")]
    public async Task A_search_finds_the_traces_of_which_all_holds_of_spans_of_the_service(string query, string expected)
    {
        await using var server = await StartAsync();
        var (status, body) = await GetAsync(server, $"traces?{(query.Contains("endTs", StringComparison.Ordinal) ? "" : EndTs + "&")}{query}");
        Assert.Equal(HttpStatusCode.OK, status);
        var traces = JsonElement.Parse(body).EnumerateArray().ToArray();
        Assert.All(traces, ZipkinSchema.CheckSpans);
        Assert.Equal(expected, string.Join(' ', traces.Select(trace => $"{trace[0].GetProperty("traceId").GetString()![^1]}")));
        Assert.All(traces, trace => Assert.Equal(trace[0].GetProperty("traceId").GetString()!.EndsWith('1') ? 3 : 1, trace.GetArrayLength()));
    }

    [Theory]
    [InlineData("error", "1")]
    [InlineData("otel.status_code", "1")]
    public async Task A_bare_word_that_names_a_status_may_be_an_annotation(string word, string expected)
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.Store.AppendAsync(
            new Spans().Service("shop").Event(1_700_000_000_000_000_001, word).Span(0x11, start: 1_700_000_000_000_000_000, end: 1_700_000_000_000_000_009, name: "op", trace: new TraceId(0, 1)).Batch, default);
        var (_, body) = await GetAsync(server, $"traces?{EndTs}&annotationQuery={word}");
        Assert.Equal(expected, string.Join(' ', JsonElement.Parse(body).EnumerateArray().Select(trace => $"{trace[0].GetProperty("traceId").GetString()![^1]}")));
    }

    [Theory]
    [InlineData("spans", "serviceName is missing; say which service's names to list.")]
    [InlineData("remoteServices", "serviceName is missing; say which service's names to list.")]
    [InlineData("autocompleteValues", "key is missing; say which tag's values to list.")]
    [InlineData("dependencies", "endTs is missing; expected milliseconds since 1970.")]
    [InlineData("dependencies?endTs=now", "endTs is 'now'; expected a number from 1 on, in milliseconds since 1970.")]
    [InlineData("traces?endTs=-1", "endTs is '-1'; expected a number from 1 on, in milliseconds since 1970.")]
    [InlineData("traces?lookback=1h", "lookback is '1h'; expected a number from 1 on, in milliseconds.")]
    [InlineData("traces?limit=0", "limit is '0'; expected a number from 1 on.")]
    [InlineData("traces?limit=1501", "limit is 1501; expected at most 1500 (query.traces_max).")]
    [InlineData("traces?minDuration=1ms", "minDuration is '1ms'; expected a number from 1 on, in microseconds.")]
    [InlineData("traces?maxDuration=5", "maxDuration is only valid with minDuration.")]
    [InlineData("traces?minDuration=6&maxDuration=5", "maxDuration is 5; expected at least minDuration, 6.")]
    [InlineData("trace/xyz", "'xyz' is not a trace id: expected 16 or 32 hexadecimal digits, not all zero.")]
    [InlineData("trace/0", "'0' is not a trace id: expected 16 or 32 hexadecimal digits, not all zero.")]
    [InlineData("trace/123456789012345678901234567890123", "'123456789012345678901234567890123' is not a trace id: expected 16 or 32 hexadecimal digits, not all zero.")]
    [InlineData("traceMany", "traceIds has 0 different ids; expected two or more, separated by commas.")]
    [InlineData("traceMany?traceIds=1,01", "traceIds has 1 different ids; expected two or more, separated by commas.")]
    [InlineData("traceMany?traceIds=1,q", "traceIds: 'q' is not a trace id: expected 16 or 32 hexadecimal digits, not all zero.")]
    public async Task A_wrong_parameter_is_named_with_what_is_expected(string query, string message)
    {
        await using var server = await StartAsync();
        Assert.Equal((HttpStatusCode.BadRequest, message + "\n"), await GetAsync(server, query));
    }

    [Theory]
    [InlineData("trace/1", HttpStatusCode.OK)]
    [InlineData("trace/0000000000000001", HttpStatusCode.OK)]
    [InlineData("trace/00000000000000000000000000000001", HttpStatusCode.OK)]
    [InlineData("trace/00000000000000070000000000000003", HttpStatusCode.OK)]
    [InlineData("trace/70000000000000003", HttpStatusCode.OK)]
    [InlineData("trace/0000000000000003", HttpStatusCode.NotFound)]
    [InlineData("trace/00000000000000080000000000000003", HttpStatusCode.NotFound)]
    [InlineData("nothing", HttpStatusCode.NotFound)]
    public async Task A_trace_is_found_by_its_whole_id_in_any_length(string query, HttpStatusCode expected)
    {
        await using var server = await StartAsync();
        var (status, body) = await GetAsync(server, query);
        Assert.Equal(expected, status);
        if (status == HttpStatusCode.OK)
            ZipkinSchema.CheckSpans(JsonElement.Parse(body));
    }

    [Fact]
    public async Task Several_traces_are_answered_in_the_order_they_were_asked_for_without_those_that_are_missing()
    {
        await using var server = await StartAsync();
        var (_, body) = await GetAsync(server, "traceMany?traceIds=0000000000000002,ff,00000000000000070000000000000003,2");
        var ids = JsonElement.Parse(body).EnumerateArray().Select(trace => trace[0].GetProperty("traceId").GetString());
        Assert.Equal(["0000000000000002", "00000000000000070000000000000003"], ids);
    }

    [Fact]
    public async Task Spans_that_came_as_OTLP_are_written_as_OpenTelemetry_maps_them()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.Store.AppendAsync(
            new Spans()
                .Service("Shop", ("service.namespace", "eu"), ("host.cpu.count", 2))
                .Scope("lib", "1.2")
                .Event(2_000_999, "cache miss", ("key", "k\"1"), ("n", 3), ("hit", false))
                .Event(0, "plain")
                .Span(
                    0xb2, parent: 0xa1, start: 1_000_999, end: 3_001_000, name: "GET /Cart", trace: new TraceId(0xf, 1), kind: SpanKind.Client, status: StatusCode.Error, message: "why",
                    state: "a=b", attributes: [("flag", true), ("ratio", 0.25), ("server.address", "Db.example"), ("list", new object[] { 1L, "two" })])
                .Span(0xb3, start: 5_000, end: 5_000, name: "")
                .Span(0xb5, start: 5_000, end: 4_000, name: "backwards")
                .Span(0xb4, start: 5_000, end: 5_001, name: "short", status: StatusCode.Ok)
                .Batch,
            default);
        var (_, body) = await GetAsync(server, "trace/000000000000000f0000000000000001");
        Assert.Equal(
            """
            [{"traceId":"000000000000000f0000000000000001","parentId":"00000000000000a1","id":"00000000000000b2","kind":"CLIENT","name":"get /cart","timestamp":1000,"duration":2000,
            "localEndpoint":{"serviceName":"shop"},"remoteEndpoint":{"serviceName":"db.example"},
            "annotations":[{"timestamp":2000,"value":"\"cache miss\": {\"key\":\"k\\\"1\",\"n\":3,\"hit\":false}"},{"value":"plain"}],
            "tags":{"flag":"true","ratio":"0.25","server.address":"Db.example","list":"[1,\"two\"]","service.namespace":"eu","host.cpu.count":"2","otel.scope.name":"lib",
            "otel.scope.version":"1.2","w3c.tracestate":"a=b","otel.status_code":"ERROR","error":"why"}}]
            """.ReplaceLineEndings(""),
            body);
        var (_, others) = await GetAsync(server, $"trace/{Spans.TraceOne}");
        var spans = JsonElement.Parse(others).EnumerateArray().ToDictionary(span => span.GetProperty("id").GetString()![^2..]);
        Assert.All(spans.Values, span => Assert.Equal(1, span.GetProperty("duration").GetInt32()));
        var (instant, brief) = (spans["b3"], spans["b4"]);
        Assert.False(instant.TryGetProperty("name", out _));
        Assert.False(brief.GetProperty("tags").TryGetProperty("error", out _));
        Assert.Equal("OK", brief.GetProperty("tags").GetProperty("otel.status_code").GetString());
    }

    [Fact]
    public async Task A_search_goes_on_until_it_has_found_as_many_as_asked_for()
    {
        // Only the oldest matches, and no column tells.
        var spans = new Spans().Service("busy");
        for (var at = 0UL; at < 300; at++)
            spans.Event(Now, at == 0 ? "rare" : "often").Span(1, start: Now - 1_000 * Second + at * Second, end: Now, trace: new TraceId(1, at + 1));
        await using var server = await ServerUnderTest.StartAsync();
        await server.Store.AppendAsync(spans.Batch, default);
        using var answer = await server.Client.GetAsync(new Uri(server.Zipkin, $"/api/v2/traces?{EndTs}&serviceName=busy&annotationQuery=rare&limit=1"));
        Assert.Equal("00000000000000010000000000000001", JsonElement.Parse(await answer.Content.ReadAsStringAsync())[0][0].GetProperty("traceId").GetString());
        Assert.False(answer.Headers.Contains("Warning"));
    }

    [Fact]
    public async Task A_search_that_gives_up_says_so()
    {
        var spans = new Spans().Service("busy");
        for (var at = 0UL; at < 5_001; at++)
            spans.Span(1, start: Now - at, end: Now, trace: new TraceId(1, at + 1));
        await using var server = await ServerUnderTest.StartAsync();
        await server.Store.AppendAsync(spans.Batch, default);
        using var answer = await server.Client.GetAsync(new Uri(server.Zipkin, $"/api/v2/traces?{EndTs}&serviceName=busy&annotationQuery=rare"));
        Assert.Equal((HttpStatusCode.OK, "[]"), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        Assert.StartsWith("199 - \"Of the traces that may match, the newest 5000 were looked into;", answer.Headers.GetValues("Warning").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_times_a_search_is_for_the_last_day_and_a_span_without_a_time_arrived_just_now()
    {
        await using var server = await StartAsync();
        using var content = new StringContent("""[{"traceId":"ab","id":"1","localEndpoint":{"serviceName":"clockless"}}]""");
        using var sent = await server.Client.PostAsync(new Uri(server.Zipkin, "/api/v2/spans"), content);
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        Assert.Equal(
            (HttpStatusCode.OK, """[[{"traceId":"00000000000000ab","id":"0000000000000001","localEndpoint":{"serviceName":"clockless"}}]]"""), await GetAsync(server, "traces"));
    }

    [Theory]
    [InlineData("/health", "UP")]
    [InlineData("/info", "version")]
    [InlineData("/config.json", "queryLimit")]
    [InlineData("/zipkin/config.json", "queryLimit")]
    [InlineData("/zipkin/api/v2/services", "shop")]
    public async Task What_clients_ask_for_beside_the_API_is_there(string path, string expected)
    {
        await using var server = await StartAsync();
        using var answer = await server.Client.GetAsync(new Uri(server.Zipkin, path));
        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Contains(expected, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/prometheus")]
    public async Task Metrics_are_those_of_the_server(string path)
    {
        await using var server = await StartAsync();
        using var answer = await server.Client.GetAsync(new Uri(server.Zipkin, path));
        Assert.Equal((HttpStatusCode.OK, "text/plain"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Contains("clew_garbage_total", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_in_trouble_is_down()
    {
        await using var server = await StartAsync();
        server.Store.Trouble = "The disk is full.";
        using var answer = await server.Client.GetAsync(new Uri(server.Zipkin, "/health"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"status":"DOWN","zipkin":{"status":"DOWN"}}"""), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("/", "")]
    [InlineData("/zipkin/", "")]
    [InlineData("/zipkin/traces/00000000000000A1", "trace/000000000000000000000000000000a1")]
    public async Task A_browser_is_sent_to_the_pages_of_Clew(string path, string expected)
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var answer = await server.Client.GetAsync(new Uri(server.Zipkin, path));
        Assert.Equal((HttpStatusCode.Redirect, new Uri(server.Ui, expected)), (answer.StatusCode, answer.Headers.Location));
    }

    [Theory]
    [InlineData("evil.example", HttpStatusCode.Forbidden, "'evil.example' is not a name of this server.")]
    [InlineData("localhost", HttpStatusCode.OK, "[")]
    public async Task Queries_under_a_foreign_name_are_refused(string host, HttpStatusCode status, string start)
    {
        await using var server = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Zipkin, "/api/v2/services"));
        request.Headers.Host = host;
        using var answer = await server.Client.SendAsync(request);
        Assert.Equal(status, answer.StatusCode);
        Assert.StartsWith(start, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(status == HttpStatusCode.OK ? 0 : 1, await server.MetricAsync("clew_garbage_total{port=\"zipkin\",reason=\"foreign_host\"}"));
    }

    [Fact]
    public async Task Queries_are_measured_and_bounded()
    {
        await using var server = await ServerUnderTest.StartAsync(new LimitsOptions { ConcurrentQueriesMax = 1 });
        server.Store.HoldReads();
        var first = GetAsync(server, "services");
        await Until.TrueAsync(() => server.Store.WaitingReads > 0);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await GetAsync(server, "services")).Status);
        server.Store.ReleaseReads();
        Assert.Equal((HttpStatusCode.OK, "[]"), await first);
        Assert.Equal(1, await server.MetricAsync("clew_query_seconds_count{api=\"zipkin\",operation=\"services\"}"));
    }

    static async Task<ServerUnderTest> StartAsync()
    {
        var server = await ServerUnderTest.StartAsync();
        await server.Store.AppendAsync(Sample, default);
        return server;
    }

    static async Task<(HttpStatusCode Status, string Body)> GetAsync(ServerUnderTest server, string query)
    {
        using var answer = await server.Client.GetAsync(new Uri(server.Zipkin, "/api/v2/" + query));
        return (answer.StatusCode, Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync()));
    }
}
