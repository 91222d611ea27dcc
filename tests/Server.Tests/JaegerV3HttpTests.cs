using System.Net;
using System.Text.Json;
using Clew.Model;

namespace Clew.Server.Tests;

public sealed class JaegerV3HttpTests
{
    const string Times = "query.startTimeMin=2023-11-14T00:00:00Z&query.startTimeMax=2023-11-15T00:00:00Z";

    [Fact]
    public async Task Services_are_a_list_and_an_empty_one_is_still_a_list()
    {
        var (_, body) = await GetAsync("/api/v3/services");
        Assert.Equal("""{"services":["a/b c%","shop","stock"]}""", body.GetRawText());
        await using var empty = await ServerUnderTest.StartAsync();
        Assert.Equal("""{"services":[]}""", (await empty.GetJsonAsync("/api/v3/services")).Body.GetRawText());
    }

    [Theory]
    [InlineData("service=shop", """[{"name":"GET /cart","spanKind":"internal"},{"name":"GET /cart","spanKind":"server"}]""")]
    [InlineData("service=shop&spanKind=internal", """[{"name":"GET /cart","spanKind":"internal"}]""")]
    [InlineData("service=shop&span_kind=SERVER", """[{"name":"GET /cart","spanKind":"server"}]""")]
    [InlineData("service=a%2Fb+c%25", """[{"name":"tick","spanKind":"internal"}]""")]
    [InlineData("service=none", "[]")]
    public async Task Operations_are_listed_once_and_without_a_kind_they_are_internal(string query, string expected)
    {
        var (_, body) = await GetAsync("/api/v3/operations?" + query);
        JsonShape.AssertMatches("""{"operations":[{"name":"text","spanKind":"text"}]}""", body);
        Assert.Equal(expected, body.GetProperty("operations").GetRawText());
    }

    [Theory]
    [InlineData("1")]
    [InlineData("0000000000000001")]
    [InlineData("00000000000000000000000000000001")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAQ==")]
    [InlineData("1?startTime=2023-11-14T22:00:00Z&end_time=2023-11-14T23:00:00.000000001Z")]
    [InlineData("1?startTime=2023-11-14T23:00:00%2B01:00")]
    [InlineData("1?startTime=2023-11-14T23:00:00+01:00")]
    public async Task A_trace_is_answered_as_OTLP_JSON_by_any_spelling_of_its_id(string id)
    {
        var (status, body) = await GetAsync("/api/v3/traces/" + id);
        Assert.Equal(HttpStatusCode.OK, status);
        JsonShape.AssertMatches($$$"""{"result":{"resourceSpans":{{{JsonShape.ResourceSpans}}}}}""", body);
        Assert.Equal("0000000000000011 0000000000000012", SpanIds(body));
        var stock = SpansOf(body).Last();
        Assert.Equal(JaegerV3Sample.One.ToString(), stock.GetProperty("traceId").GetString());
        Assert.Equal(3, stock.GetProperty("kind").GetInt32());
        Assert.Equal("""{"message":"sold out","code":2}""", stock.GetProperty("status").GetRawText());
        Assert.Equal("1700000000002000000", stock.GetProperty("startTimeUnixNano").GetString());
    }

    [Theory]
    [InlineData("?rawTraces=true")]
    [InlineData("?raw_traces=1")]
    public async Task A_raw_trace_has_what_was_sent_twice_twice(string query) =>
        Assert.Equal("0000000000000011 0000000000000012 0000000000000012", SpanIds((await GetAsync("/api/v3/traces/1" + query)).Body));

    [Theory]
    [InlineData("abc0000000000000def")]
    [InlineData("ABC0000000000000DEF")]
    [InlineData("00000000000000000abc0000000000000def")]
    public async Task Digits_of_either_case_and_without_leading_zeros_are_the_same_trace_and_too_many_are_none(string id)
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.Store.AppendAsync(new Spans().Span(1, trace: new TraceId(0xabc, 0xdef)).Batch, default);
        var (status, _) = await server.GetJsonAsync("/api/v3/traces/" + id);
        Assert.Equal(id.Length <= 32 ? HttpStatusCode.OK : HttpStatusCode.BadRequest, status);
    }

    [Fact]
    public async Task Clocks_and_shared_span_ids_are_corrected_unless_the_trace_is_asked_for_raw()
    {
        await using var server = await ServerUnderTest.StartAsync(change: options => options with { Query = options.Query with { ClockSkewMax = TimeSpan.FromMinutes(1) } });
        const ulong Start = JaegerV3Sample.Start;
        await server.Store.AppendAsync(
            new Spans()
                .Service("client", ("host.name", "a"))
                .Span(0x11, start: Start, end: Start + 10_000, kind: SpanKind.Client, name: "call")
                .Service("server", ("host.name", "b"))
                .Event(Start + 51_000, "late")
                .Span(0x11, start: Start + 50_000, end: Start + 54_000, kind: SpanKind.Server, name: "serve")
                .Batch,
            default);
        var (_, raw) = await server.GetJsonAsync($"/api/v3/traces/{Spans.TraceOne}?rawTraces=true");
        Assert.Equal("0000000000000011 0000000000000011", SpanIds(raw));
        Assert.Equal($"{Start + 50_000}", SpansOf(raw).Last().GetProperty("startTimeUnixNano").GetString());

        var serve = SpansOf((await server.GetJsonAsync($"/api/v3/traces/{Spans.TraceOne}")).Body).Last();
        Assert.NotEqual("0000000000000011", serve.GetProperty("spanId").GetString());
        Assert.Equal("0000000000000011", serve.GetProperty("parentSpanId").GetString());
        Assert.Equal($"{Start + 3_000}", serve.GetProperty("startTimeUnixNano").GetString());
        Assert.Equal($"{Start + 7_000}", serve.GetProperty("endTimeUnixNano").GetString());
        Assert.Equal($"{Start + 4_000}", serve.GetProperty("events")[0].GetProperty("timeUnixNano").GetString());
    }

    [Theory]
    [InlineData("", "31 21 22 11 12")]
    [InlineData("query.serviceName=shop", "21 22 11 12")]
    [InlineData("query.service_name=stock", "11 12")]
    [InlineData("query.serviceName=shop&query.operationName=GET+%2Fcart&query.searchDepth=1", "21 22")]
    [InlineData("query.operation_name=tick", "31")]
    [InlineData("query.num_traces=1", "31")]
    [InlineData("query.search_depth=2", "31 21 22")]
    [InlineData("query.serviceName=stock&query.serviceName=shop&query.searchDepth=1&query.searchDepth=x", "11 12")]
    [InlineData("query.durationMin=500ms", "21 22")]
    [InlineData("query.duration_min=1ms&query.durationMax=10ms", "11 12")]
    [InlineData("query.attributes=%7B%22http.response.status_code%22%3A%22200%22%2C%22cached%22%3A%22true%22%7D", "11 12")]
    [InlineData("query.attributes=%7B%22otel.status_description%22%3A%22sold%20out%22%7D", "11 12")]
    [InlineData("query.attributes=%7B%22error%22%3A%22true%22%7D", "11 12")]
    [InlineData("query.attributes=%7B%22attempt%22%3A2%7D", "11 12")]
    [InlineData("query.attributes=%7B%22why%22%3A%22again%22%7D", "11 12")]
    [InlineData("query.rawTraces=true&query.serviceName=stock", "11 12 12")]
    public async Task A_search_answers_with_whole_traces_one_after_the_other(string query, string expected)
    {
        var (status, body) = await GetAsync($"/api/v3/traces?{Times}&{query}");
        Assert.Equal(HttpStatusCode.OK, status);
        JsonShape.AssertMatches($$$"""{"result":{"resourceSpans":{{{JsonShape.ResourceSpans}}}}}""", body);
        Assert.Equal(expected, string.Join(' ', SpansOf(body).Select(span => span.GetProperty("spanId").GetString()![^2..])));
    }

    [Fact]
    public async Task Spans_without_a_name_go_by_the_stand_in_and_are_found_by_it()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.Store.AppendAsync(JaegerV3Sample.Unnamed, default);
        Assert.Equal(
            """{"operations":[{"name":"empty-span-name","spanKind":"internal"},{"name":"tick","spanKind":"internal"}]}""",
            (await server.GetJsonAsync("/api/v3/operations?service=shop")).Body.GetRawText());
        foreach (var path in (string[])["traces/1?", "traces/1?rawTraces=true", $"traces?{Times}&query.operationName=empty-span-name"])
            Assert.All(SpansOf((await server.GetJsonAsync($"/api/v3/{path}")).Body), span => Assert.Equal("empty-span-name", span.GetProperty("name").GetString()));
        var (_, found) = await server.GetJsonAsync($"/api/v3/trace-summaries?{Times}&query.operationName=empty-span-name");
        Assert.Equal(
            ["empty-span-name", "empty-span-name"], found.GetProperty("summaries").EnumerateArray().Select(summary => summary.GetProperty("rootOperationName").GetString()));
        Assert.Equal("", server.Store.Batches.Single().Strings.GetString(server.Store.Batches.Single().Spans.Names[0]));
    }

    [Theory]
    [InlineData("query.startTimeMin=2023-11-14T22:13:30Z&query.startTimeMax=2023-11-14T22:13:30.999Z", "21 22")]
    [InlineData("query.start_time_min=2023-11-14T23:13:40+01:00&query.start_time_max=2023-11-14T22:13:40.000000001Z", "31")]
    [InlineData("query.startTimeMin=2023-11-14T22:13:20.002Z&query.startTimeMax=2023-11-14T22:13:20.002000001Z", "11 12")]
    [InlineData("query.startTimeMin=1960-01-01T00:00:00Z&query.startTimeMax=9999-12-31T23:59:59Z", "31 21 22 11 12")]
    public async Task Times_are_RFC3339_to_the_nanosecond(string query, string expected) =>
        Assert.Equal(expected, string.Join(' ', SpansOf((await GetAsync("/api/v3/traces?" + query)).Body).Select(span => span.GetProperty("spanId").GetString()![^2..])));

    [Theory]
    [InlineData("/api/v3/traces/ff", "trace not found")]
    [InlineData("/api/v3/traces/0", "trace not found")]
    [InlineData("/api/v3/traces?" + Times + "&query.serviceName=none", "No traces found")]
    public async Task What_is_not_there_is_a_404(string path, string message)
    {
        var (status, body) = await GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal($$$"""{"error":{"httpCode":404,"message":"{{{message}}}"}}""", body.GetRawText());
    }

    [Theory]
    [InlineData("operations", "malformed parameter service: ")]
    [InlineData("traces/xyz", "malformed parameter trace_id: 'xyz' is not a trace id")]
    [InlineData("traces/1?startTime=1700000000", "malformed parameter startTime: '1700000000' is not a time")]
    [InlineData("traces/1?end_time=2023-11-14", "malformed parameter end_time: ")]
    [InlineData("traces/1?raw_traces=perhaps", "malformed parameter raw_traces: ")]
    [InlineData("traces", "query.startTimeMin and query.startTimeMax are required")]
    [InlineData("traces?query.startTimeMin=2023-11-14T00:00:00Z", "query.startTimeMin and query.startTimeMax are required")]
    [InlineData("traces?query.startTimeMin=now&query.startTimeMax=2023-11-14T00:00:00Z", "malformed parameter query.startTimeMin: 'now'")]
    [InlineData("traces?query.start_time_max=now&query.startTimeMin=2023-11-14T00:00:00Z", "malformed parameter query.start_time_max: 'now'")]
    [InlineData("traces?query.startTimeMin=2023-11-14T00:00:00Z&query.startTimeMax=2023-11-14T00:00:00Z", "query.startTimeMin must be before query.startTimeMax")]
    [InlineData("traces?query.startTimeMin=2023-11-15T00:00:00Z&query.startTimeMax=2023-11-14T00:00:00Z", "query.startTimeMin must be before query.startTimeMax")]
    [InlineData("traces?" + Times + "&query.durationMin=5", "malformed parameter query.durationMin: '5'")]
    [InlineData("traces?" + Times + "&query.duration_max=-1s", "malformed parameter query.duration_max: '-1s'")]
    [InlineData("traces?" + Times + "&query.durationMin=2s&query.durationMax=1s", "query.durationMin must not be longer than query.durationMax")]
    [InlineData("traces?" + Times + "&query.searchDepth=many", "malformed parameter query.searchDepth: 'many'")]
    [InlineData("traces?" + Times + "&query.num_traces=-1", "malformed parameter query.num_traces: '-1'")]
    [InlineData("traces?" + Times + "&query.searchDepth=1501", "query.traces_max")]
    [InlineData("traces?" + Times + "&query.attributes=a", "malformed parameter query.attributes: ")]
    [InlineData("traces?" + Times + "&query.attributes=%7B%22a%22%3A%7B%7D%7D", "malformed parameter query.attributes: ")]
    [InlineData("traces?" + Times + "&query.filter=%7B%7D", "malformed parameter query.filter: ")]
    [InlineData("traces?" + Times + "&query.rawTraces=2", "malformed parameter query.rawTraces: ")]
    [InlineData("trace-summaries", "query.startTimeMin and query.startTimeMax are required")]
    [InlineData("dependencies", "startTime and endTime are required")]
    public async Task A_mistake_is_a_400_that_names_the_parameter(string path, string message)
    {
        var (status, body) = await GetAsync("/api/v3/" + path);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        JsonShape.AssertMatches("""{"error":{"httpCode":"int","message":"text"}}""", body);
        Assert.Equal(400, body.GetProperty("error").GetProperty("httpCode").GetInt32());
        Assert.Contains(message, body.GetProperty("error").GetProperty("message").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Summaries_count_spans_errors_and_orphans()
    {
        var (_, body) = await GetAsync($"/api/v3/trace-summaries?{Times}&query.searchDepth=20");
        JsonShape.AssertMatches(
            """
            {"summaries":[{"traceId":"hex32","rootServiceName":"text","rootOperationName":"text","minStartTimeUnixNano":"digits","maxEndTimeUnixNano":"digits","spanCount":"int",
            "errorSpanCount":"int","orphanSpanCount":"int","services":[{"name":"text","spanCount":"int","errorSpanCount":"int"}]}]}
            """,
            body);
        var summaries = body.GetProperty("summaries").EnumerateArray().Select(summary => summary.GetRawText()).ToArray();
        Assert.Equal(3, summaries.Length);
        Assert.Equal(
            """{"traceId":"00000000000000070000000000000003","rootServiceName":"","rootOperationName":"","minStartTimeUnixNano":"1700000020000000000","maxEndTimeUnixNano":"1700000020000000001","spanCount":1,"errorSpanCount":0,"orphanSpanCount":1,"services":[{"name":"a/b c%","spanCount":1,"errorSpanCount":0}]}""",
            summaries[0]);
        Assert.Equal(
            """{"traceId":"00000000000000000000000000000001","rootServiceName":"shop","rootOperationName":"GET /cart","minStartTimeUnixNano":"1700000000000000000","maxEndTimeUnixNano":"1700000000009000000","spanCount":2,"errorSpanCount":1,"orphanSpanCount":0,"services":[{"name":"shop","spanCount":1,"errorSpanCount":0},{"name":"stock","spanCount":1,"errorSpanCount":1}]}""",
            summaries[2]);
    }

    [Fact]
    public async Task A_search_for_summaries_that_finds_nothing_is_an_empty_list() =>
        Assert.Equal("""{"summaries":[]}""", (await GetAsync($"/api/v3/trace-summaries?{Times}&query.serviceName=none")).Body.GetRawText());

    [Fact]
    public async Task Dependencies_are_counted_between_two_times()
    {
        var (_, body) = await GetAsync("/api/v3/dependencies?startTime=2023-11-14T00:00:00Z&end_time=2023-11-15T00:00:00Z");
        Assert.Equal("""{"dependencies":[{"parent":"shop","child":"stock","callCount":"1"}]}""", body.GetRawText());
        (_, body) = await GetAsync("/api/v3/dependencies?start_time=2022-11-14T00:00:00Z&endTime=2022-11-15T00:00:00Z");
        Assert.Equal("""{"dependencies":[]}""", body.GetRawText());
    }

    [Theory]
    [InlineData("POST", "/api/v3/traces", 405)]
    [InlineData("DELETE", "/api/v3/services", 405)]
    [InlineData("GET", "/api/v3", 404)]
    [InlineData("GET", "/api/v3/nothing", 404)]
    [InlineData("GET", "/api/v3/traces/1/2", 404)]
    public async Task Other_methods_and_paths_are_refused_and_never_a_page(string method, string path, int status)
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(server.Ui, path));
        using var answer = await server.Client.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 405 ? "application/json" : "text/plain", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_trace_of_many_megabytes_arrives_whole()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var spans = new Spans();
        for (var id = 1UL; id <= 20_000; id++)
            spans.Span(id, parent: id / 2, start: id * 1_000, end: (id * 1_000) + 500, attributes: [("padding", new string('x', 200))]);
        await server.Store.AppendAsync(spans.Batch, default);
        var (_, body) = await server.GetJsonAsync($"/api/v3/traces/{Spans.TraceOne}");
        Assert.Equal(20_000, SpansOf(body).Count());
    }

    [Theory]
    [InlineData("/api/v3/services")]
    [InlineData("/api/v3/traces?" + Times)]
    [InlineData("/api/v3/trace-summaries?" + Times)]
    [InlineData("/api/traces?service=shop")]
    public async Task A_store_that_cannot_be_read_is_a_500_and_no_half_of_an_answer(string path)
    {
        await using var server = await ServerUnderTest.StartAsync();
        server.Store.ReadFailure = new IOException("secret path");
        using var answer = await server.Client.GetAsync(new Uri(server.Ui, path));
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsStringAsync());
    }

    static IEnumerable<JsonElement> SpansOf(JsonElement body) =>
        from resource in body.GetProperty("result").GetProperty("resourceSpans").EnumerateArray()
        from scope in resource.GetProperty("scopeSpans").EnumerateArray()
        from span in scope.GetProperty("spans").EnumerateArray()
        select span;

    static string SpanIds(JsonElement body) => string.Join(' ', SpansOf(body).Select(span => span.GetProperty("spanId").GetString()));

    static async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path)
    {
        await using var server = await JaegerV3Sample.StartAsync();
        return await server.GetJsonAsync(path);
    }
}
