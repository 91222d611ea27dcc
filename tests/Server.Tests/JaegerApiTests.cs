using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Clew.Model;

namespace Clew.Server.Tests;

public sealed class JaegerApiTests
{
    static readonly TraceId One = new(0, 1), Two = new(0, 2), Three = new(7, 3);

    // Trace 1: shop → stock, an error. Trace 2: shop alone, slow. Trace 3: an odd service name.
    static readonly SpanBatch Sample = new Spans()
        .Service("shop", ("zone", "eu"))
        .Span(0x11, start: 1_000_000, end: 3_000_000, name: "GET /cart", trace: One, kind: SpanKind.Server, attributes: [("http.response.status_code", 200), ("cached", true)])
        .Service("stock")
        .Event(1_500_000, "retry", ("attempt", "2"))
        .Span(0x12, parent: 0x11, start: 1_200_000, end: 1_900_000, name: "reserve", trace: One, kind: SpanKind.Client, status: StatusCode.Error)
        .Service("shop")
        .Span(0x21, start: 5_000_000, end: 900_000_000, name: "GET /cart", trace: Two, attributes: [("note", "a:b"), ("ratio", 0.5)])
        .Service("a/b c%")
        .Span(0x31, start: 9_000_000, end: 9_500_000, name: "tick", trace: Three)
        .Batch;

    [Fact]
    public async Task Services_are_listed_in_an_envelope()
    {
        var (status, body) = await GetAsync("/api/services");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("""{"data":["a/b c%","shop","stock"],"total":3,"limit":0,"offset":0,"errors":null}""", body.GetRawText());
    }

    [Theory]
    [InlineData("/api/services/shop/operations", """["GET /cart"]""")]
    [InlineData("/api/services/a%2Fb%20c%25/operations", """["tick"]""")]
    [InlineData("/api/services/a/b%20c%25/operations", """["tick"]""")]
    [InlineData("/api/services/a%252Fb%2520c%2525/operations", """["tick"]""")]
    [InlineData("/api/services/none/operations", "[]")]
    [InlineData("/api/operations?service=shop", """[{"name":"GET /cart","spanKind":""},{"name":"GET /cart","spanKind":"server"}]""")]
    [InlineData("/api/operations?service=shop&spanKind=server", """[{"name":"GET /cart","spanKind":"server"}]""")]
    [InlineData("/api/operations?service=shop&service=stock&spanKind=server&spanKind=client", """[{"name":"GET /cart","spanKind":"server"}]""")]
    [InlineData("/api/operations?service=a%2Fb+c%25", """[{"name":"tick","spanKind":""}]""")]
    public async Task Operations_are_listed(string path, string data)
    {
        var (_, body) = await GetAsync(path);
        Assert.Equal(data, body.GetProperty("data").GetRawText());
        Assert.Equal(body.GetProperty("data").GetArrayLength(), body.GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("service=shop", "2 1")]
    [InlineData("service=stock", "1")]
    [InlineData("service=none", "")]
    [InlineData("service=shop&limit=1", "2")]
    [InlineData("service=shop&operation=GET+%2Fcart", "2 1")]
    [InlineData("service=shop&operation=reserve", "")]
    [InlineData("service=shop&start=1000&end=1000", "1")]
    [InlineData("service=shop&start=1001", "2")]
    [InlineData("service=shop&end=4999", "1")]
    [InlineData("service=shop&start=1000&end=5000&lookback=custom", "2 1")]
    [InlineData("service=shop&minDuration=100ms", "2")]
    [InlineData("service=shop&minDuration=2ms&maxDuration=2ms", "1")]
    [InlineData("service=shop&maxDuration=1.5s", "2 1")]
    [InlineData("service=shop&maxDuration=1h3m", "2 1")]
    [InlineData("service=shop&maxDuration=500us", "")]
    [InlineData("service=shop&service=stock&limit=1&limit=5", "2")]
    [InlineData("service=shop&operation=GET+%2Fcart&operation=reserve&start=1001&start=x&maxDuration=1s&maxDuration=1ms", "2")]
    [InlineData("service=shop&tag=http.response.status_code:200", "1")]
    [InlineData("service=shop&tag=cached:true", "1")]
    [InlineData("service=shop&tag=note:a:b", "2")]
    [InlineData("service=shop&tag=ratio:0.5", "2")]
    [InlineData("service=shop&tag=zone:eu", "1")]
    [InlineData("service=shop&tag=zone:eu&tag=cached:false", "")]
    [InlineData("service=shop&tags=%7B%22cached%22%3A%22true%22%2C%22zone%22%3A%22eu%22%7D", "1")]
    [InlineData("service=stock&tag=attempt:2", "1")]
    [InlineData("service=stock&tag=error:true", "1")]
    [InlineData("service=shop&tag=error:true", "")]
    [InlineData("service=shop&tag=error:false", "2 1")]
    [InlineData("service=stock&tag=error:false", "")]
    [InlineData("service=shop&tag=span.kind:server", "1")]
    [InlineData("service=stock&tag=otel.status_code:ERROR", "1")]
    [InlineData("service=stock&tag=otel.status_code:OK", "")]
    public async Task A_search_finds_the_traces_with_one_span_that_meets_all_it_says(string query, string expected)
    {
        var (status, body) = await GetAsync("/api/traces?" + query);
        Assert.Equal(HttpStatusCode.OK, status);
        var ids = body.GetProperty("data").EnumerateArray().Select(trace => Convert.ToUInt64(trace.GetProperty("traceID").GetString()![^16..], 16));
        Assert.Equal(expected, string.Join(' ', ids));
        Assert.Equal(JsonValueKind.Null, body.GetProperty("errors").ValueKind);
        Assert.Equal(0, body.GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("tag=otel.scope.name:lib", "3 2 1")]
    [InlineData("tag=otel.scope.name:lib&limit=2", "3 2")]
    [InlineData("tags=%7B%22otel.scope.name%22%3A%22lib%22%2C%22otel.scope.version%22%3A%221.2%22%7D", "1")]
    [InlineData("tag=otel.status_description:sold+out", "1")]
    [InlineData("tag=w3c.tracestate:a%3D1", "1")]
    [InlineData("tag=event:retry", "3 2 1")]
    [InlineData("tag=event:retry&tag=otel.scope.name:lib", "2 1")]
    [InlineData("tag=event:retry&minDuration=2s", "3")]
    [InlineData("tag=event:retry&tag=error:true", "1")]
    [InlineData("tag=event:", "")]
    [InlineData("tag=otel.scope.name:none", "")]
    public async Task Tags_that_are_made_of_fields_are_found_on_one_span_with_all_the_rest(string query, string expected)
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.Store.AppendAsync(
            new Spans()
                .Scope("lib", "1.2")
                .Event(0, "begin").Event(0, "retry")
                .Span(0x11, start: 1_000_000, trace: One, status: StatusCode.Error, message: "sold out", state: "a=1")
                .Scope("lib", "")
                .Span(0x21, start: 2_000_000, trace: Two, attributes: [("event", "retry")])
                .Span(0x31, start: 3_000_000, trace: Three)
                .Scope("", "")
                .Event(0, "retry")
                .Span(0x32, start: 3_000_000, end: 3_000_000_000, trace: Three)
                .Batch,
            default);
        var (_, body) = await server.GetJsonAsync("/api/traces?service=shop&" + query);
        Assert.Equal(expected, string.Join(' ', body.GetProperty("data").EnumerateArray().Select(trace => trace.GetProperty("traceID").GetString()![^1..])));
    }

    [Theory]
    [InlineData(1_000, "1", false)]
    [InlineData(5_000, "", true)]
    public async Task A_tag_that_is_made_of_a_field_is_looked_for_in_the_newest_traces_and_an_answer_that_may_lack_some_says_so(int newerCount, string expected, bool isWarned)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var spans = new Spans().Event(0, "retry").Span(1, start: 1, end: 2, trace: One);
        for (var newer = 2UL; newer < (ulong)newerCount + 2; newer++)
            spans.Span(1, start: newer, end: newer + 1, trace: new TraceId(0, newer));
        await server.Store.AppendAsync(spans.Batch, default);
        foreach (var (path, traces) in ((string, string)[])[("traces?service=shop&tag=event:retry&limit=1", "data"), (SummariesWith("""{"event":"retry"}"""), "summaries")])
        {
            using var answer = await server.Client.GetAsync(new Uri(server.Ui, "/api/" + path));
            var found = JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty(traces).EnumerateArray();
            Assert.Equal(expected.Length, found.Count());
            Assert.Equal(isWarned, answer.Headers.Warning.Any(warning => warning.Text.Contains("the newest 5000 were looked into", StringComparison.Ordinal)));
        }

        static string SummariesWith(string attributes) =>
            $"v3/trace-summaries?query.startTimeMin=1970-01-01T00:00:00Z&query.startTimeMax=1970-01-02T00:00:00Z&query.attributes={Uri.EscapeDataString(attributes)}";
    }

    [Fact]
    public async Task An_attribute_that_is_called_like_such_a_tag_is_found_however_old_and_beside_those_of_fields()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var spans = new Spans()
            .Span(1, start: 1, end: 2, trace: One, attributes: [("event", "click")])
            .Event(0, "click").Span(1, start: 6_000, end: 6_001, trace: Two)
            .Span(1, start: 6_001, end: 6_002, trace: Three, attributes: [("event", "click")]);
        for (var newer = 0x10UL; newer < 0x10 + 5_000; newer++)
            spans.Span(1, start: newer, end: newer + 1, trace: new TraceId(0, newer));
        await server.Store.AppendAsync(spans.Batch, default);
        Assert.Equal("3 2 1", await FoundAsync("limit=20"));
        Assert.Equal("3 2", await FoundAsync("limit=2"));

        async Task<string> FoundAsync(string limit)
        {
            var (_, body) = await server.GetJsonAsync("/api/traces?service=shop&tag=event:click&" + limit);
            return string.Join(' ', body.GetProperty("data").EnumerateArray().Select(trace => trace.GetProperty("traceID").GetString()![^1..]));
        }
    }

    [Fact]
    public async Task Looking_for_a_tag_that_is_made_of_a_field_ends_in_the_time_for_a_query_and_says_so()
    {
        var time = new HastyClock();
        await using var server = await ServerUnderTest.StartAsync(change: options => options with { Query = options.Query with { Timeout = TimeSpan.FromSeconds(5) } }, time: time);
        var spans = new Spans();
        for (var id = 1UL; id <= 1_000; id++)
            spans.Span(id, start: id, end: id + 1, trace: new TraceId(0, id));
        await server.Store.AppendAsync(spans.Batch, default);
        time.IsHasty = true;
        using var answer = await server.Client.GetAsync(new Uri(server.Ui, "/api/traces?service=shop&tag=event:retry"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("query.timeout", answer.Headers.Warning.Single().Text, StringComparison.Ordinal);
        Assert.InRange(server.Store.TraceLookUpCount, 1, 200);
    }

    [Fact]
    public async Task Spans_without_a_name_go_by_the_stand_in_and_are_found_by_it()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.Store.AppendAsync(JaegerV3Sample.Unnamed, default);
        Assert.Equal("""["empty-span-name","tick"]""", await DataAsync("/api/services/shop/operations"));
        Assert.Equal(
            """[{"name":"empty-span-name","spanKind":""},{"name":"tick","spanKind":""}]""", await DataAsync("/api/operations?service=shop"));
        var (_, found) = await server.GetJsonAsync("/api/traces?service=shop&operation=empty-span-name");
        Assert.Equal(["0000000000000002", "0000000000000001"], found.GetProperty("data").EnumerateArray().Select(trace => trace.GetProperty("traceID").GetString()));

        async Task<string> DataAsync(string path) => (await server.GetJsonAsync(path)).Body.GetProperty("data").GetRawText();
    }

    [Fact]
    public async Task A_search_answers_with_whole_traces()
    {
        var (_, body) = await GetAsync("/api/traces?service=stock");
        Assert.Equal(2, body.GetProperty("data")[0].GetProperty("spans").GetArrayLength());
    }

    [Theory]
    [InlineData("/api/traces", "parameter 'service' is required")]
    [InlineData("/api/operations", "parameter 'service' is required")]
    [InlineData("/api/traces?service=shop&start=yesterday", "unable to parse param 'start'")]
    [InlineData("/api/traces?service=shop&end=-1", "unable to parse param 'end'")]
    [InlineData("/api/traces?service=shop&minDuration=fast", "unable to parse param 'minDuration'")]
    [InlineData("/api/traces?service=shop&maxDuration=10", "unable to parse param 'maxDuration'")]
    [InlineData("/api/traces?service=shop&minDuration=2s&maxDuration=1s", "'maxDuration' should be greater than 'minDuration'")]
    [InlineData("/api/traces?service=shop&limit=many", "unable to parse param 'limit'")]
    [InlineData("/api/traces?service=shop&limit=0", "unable to parse param 'limit'")]
    [InlineData("/api/traces?service=shop&limit=1501", "query.traces_max")]
    [InlineData("/api/traces?service=shop&tag=nonsense", "malformed 'tag' parameter, expecting key:value, received: nonsense")]
    [InlineData("/api/traces?service=shop&tags=nonsense", "malformed 'tags' parameter, cannot unmarshal JSON")]
    [InlineData("/api/traces?service=shop&tags=%5B1%5D", "malformed 'tags' parameter, cannot unmarshal JSON")]
    [InlineData("/api/traces?service=shop&tags=%7B%22a%22%3A%22%5Cud800%22%7D", "malformed 'tags' parameter, cannot unmarshal JSON")]
    [InlineData("/api/traces?service=shop&tags=%7B%22%5Cudc00%22%3A%22a%22%7D", "malformed 'tags' parameter, cannot unmarshal JSON")]
    [InlineData("/api/traces?traceID=xyz", "unable to parse param 'traceID': 'xyz'")]
    [InlineData("/api/traces?service=shop&tags=%7B%22a%22%3A%7B%7D%7D", "malformed 'tags' parameter, cannot unmarshal JSON")]
    [InlineData("/api/traces?service=shop&raw=perhaps", "unable to parse param 'raw'")]
    [InlineData("/api/traces?traceID=", "unable to parse param 'traceID'")]
    [InlineData("/api/traces/1?raw=perhaps", "unable to parse param 'raw'")]
    [InlineData("/api/traces/1?start=2023-11-14T00:00:00Z", "unable to parse param 'start'")]
    [InlineData("/api/traces/1?end=now", "unable to parse param 'end'")]
    [InlineData("/api/traces/xyz", "unable to parse param 'traceID': 'xyz'")]
    [InlineData("/api/traces/000000000000000000000000000000001", "unable to parse param 'traceID'")]
    [InlineData("/api/dependencies?endTs=now", "unable to parse param 'endTs': 'now' is not a number of milliseconds")]
    [InlineData("/api/dependencies?endTs=1000&lookback=7d", "unable to parse param 'lookback': '7d' is not a number of milliseconds")]
    public async Task A_mistake_is_a_400_in_the_envelope(string path, string message)
    {
        var (status, body) = await GetAsync(path);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(JsonValueKind.Null, body.GetProperty("data").ValueKind);
        Assert.Equal(400, body.GetProperty("errors")[0].GetProperty("code").GetInt32());
        Assert.Contains(message, body.GetProperty("errors")[0].GetProperty("msg").GetString()!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("0000000000000001")]
    [InlineData("00000000000000000000000000000001")]
    [InlineData("1?start=0&end=1")]
    [InlineData("1?raw=true")]
    [InlineData("1?raw=0")]
    [InlineData("AAAAAAAAAAE=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAQ")]
    public async Task A_trace_is_found_by_any_spelling_of_its_id(string id)
    {
        var (status, body) = await GetAsync("/api/traces/" + id);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("0000000000000001", body.GetProperty("data")[0].GetProperty("traceID").GetString());
    }

    [Theory]
    [InlineData("000000000000000070000000000000003")]
    [InlineData("70000000000000003")]
    [InlineData("00000000000000070000000000000003")]
    [InlineData("AAAAAAAAAAcAAAAAAAAAAw")]
    public async Task A_long_id_is_found_without_its_leading_zeros_and_one_with_too_many_digits_is_none(string id)
    {
        var (status, body) = await GetAsync("/api/traces/" + id);
        Assert.Equal(id.Length <= 32 ? HttpStatusCode.OK : HttpStatusCode.BadRequest, status);
        if (status == HttpStatusCode.OK)
            Assert.Equal("00000000000000070000000000000003", body.GetProperty("data")[0].GetProperty("traceID").GetString());
    }

    [Fact]
    public async Task An_id_in_capitals_is_the_same_trace()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.Store.AppendAsync(new Spans().Span(1, trace: new TraceId(0, 0xabcdef)).Batch, default);
        var (_, body) = await server.GetJsonAsync("/api/traces/ABCDEF");
        Assert.Equal("0000000000abcdef", body.GetProperty("data")[0].GetProperty("traceID").GetString());
    }

    [Theory]
    [InlineData("ff")]
    [InlineData("0")]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("AAAAAAAAAAA=")]
    public async Task An_unknown_trace_is_a_404_in_the_envelope(string id)
    {
        var (status, body) = await GetAsync("/api/traces/" + id);
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal("""{"data":null,"total":0,"limit":0,"offset":0,"errors":[{"code":404,"msg":"trace not found"}]}""", body.GetRawText());
    }

    [Fact]
    public async Task Several_traces_are_answered_by_id_and_the_missing_ones_listed()
    {
        var (status, body) = await GetAsync("/api/traces?traceID=2&traceID=ff&traceID=1");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["0000000000000002", "0000000000000001"], body.GetProperty("data").EnumerateArray().Select(trace => trace.GetProperty("traceID").GetString()));
        Assert.Equal("""[{"code":404,"msg":"trace not found","traceID":"00000000000000ff"}]""", body.GetProperty("errors").GetRawText());
    }

    [Fact]
    public async Task A_trace_whose_id_is_given_often_is_read_once_and_there_is_a_limit_for_others()
    {
        await using var server = await ServerUnderTest.StartAsync(change: options => options with { Query = options.Query with { TracesMax = 3 } });
        await server.Store.AppendAsync(Sample, default);
        var (_, body) = await server.GetJsonAsync("/api/traces?" + string.Join('&', Enumerable.Repeat("traceID=1&traceID=01", 100)));
        Assert.Equal((1, 1), (body.GetProperty("data").GetArrayLength(), server.Store.TraceLookUpCount));
        var (status, refusal) = await server.GetJsonAsync("/api/traces?traceID=1&traceID=2&traceID=3&traceID=4");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("at most 3 (query.traces_max)", refusal.GetProperty("errors")[0].GetProperty("msg").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Traces_by_id_that_cannot_be_read_are_an_error_and_no_half_of_an_answer()
    {
        await using var server = await ServerUnderTest.StartAsync();
        server.Store.ReadFailure = new IOException("for the test");
        using var answer = await server.Client.GetAsync(new Uri(server.Ui, "/api/traces?traceID=1"));
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
    }

    [Fact]
    public async Task Dependencies_are_counted_over_the_time_asked_for()
    {
        var (_, all) = await GetAsync("/api/dependencies?endTs=1000000&lookback=1000000");
        Assert.Equal("""{"data":[{"parent":"shop","child":"stock","callCount":1}],"total":0,"limit":0,"offset":0,"errors":null}""", all.GetRawText());
        var (_, other) = await GetAsync("/api/dependencies?endTs=1000000&lookback=1000000&service=none");
        Assert.Equal("[]", other.GetProperty("data").GetRawText());
        var (_, before) = await GetAsync("/api/dependencies?endTs=0&lookback=10");
        Assert.Equal("[]", before.GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task OTLP_JSON_is_transformed_and_not_stored()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var content = new StringContent(Otlp.OneSpanJson);
        using var answer = await server.Client.PostAsync(new Uri(server.Ui, "/api/transform"), content);
        var trace = JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("data")[0];
        Assert.Equal("0000000000000001", trace.GetProperty("traceID").GetString());
        Assert.Equal(5_000, trace.GetProperty("spans")[0].GetProperty("duration").GetInt32());
        Assert.Equal(0, server.Store.Statistics.SpanCount);

        using var broken = new StringContent("{\"resourceSpans\":3}");
        using var refused = await server.Client.PostAsync(new Uri(server.Ui, "/api/transform"), broken);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Theory]
    [InlineData("POST", "/api/metrics/latencies", 405)]
    [InlineData("POST", "/api/archive/1", 501)]
    [InlineData("POST", "/api/archive/xyz", 400)]
    [InlineData("GET", "/api/archive/1", 405)]
    [InlineData("POST", "/api/services", 405)]
    [InlineData("GET", "/api/transform", 405)]
    public async Task What_is_not_offered_says_so_in_the_envelope(string method, string path, int status)
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(server.Ui, path));
        using var answer = await server.Client.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status, JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("errors")[0].GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData("/api/nothing")]
    [InlineData("/api")]
    [InlineData("/api/traces/1/2")]
    [InlineData("/api/metrics")]
    [InlineData("/api/metrics/nothing")]
    public async Task An_unknown_path_is_a_plain_404_and_never_a_page(string path)
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var answer = await server.Client.GetAsync(new Uri(server.Ui, path));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("404 page not found\n", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("//api/services")]
    [InlineData("///api/v3/services")]
    [InlineData("//api/clew/v1/services")]
    public async Task A_base_URL_may_end_with_a_slash(string path)
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var answer = await server.Client.GetAsync(new Uri(server.Ui.AbsoluteUri.TrimEnd('/') + path));
        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task There_are_no_sampling_strategies_and_no_page_instead()
    {
        var (status, body) = await GetAsync("/sampling?service=shop");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.StartsWith("there are no sampling strategies here", body.GetProperty("errors")[0].GetProperty("msg").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PrettyPrint_indents_by_four()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var text = await server.Client.GetStringAsync(new Uri(server.Ui, "/api/services?prettyPrint=true"));
        Assert.StartsWith("{\n    \"data\": []", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trace_of_many_megabytes_arrives_whole()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var spans = new Spans();
        for (var id = 1UL; id <= 20_000; id++)
            spans.Span(id, parent: id / 2, start: id * 1_000, end: (id * 1_000) + 500, attributes: [("padding", new string('x', 200))]);
        await server.Store.AppendAsync(spans.Batch, default);
        var (_, body) = await server.GetJsonAsync($"/api/traces/{Spans.TraceOne}");
        Assert.Equal(20_000, body.GetProperty("data")[0].GetProperty("spans").GetArrayLength());
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_is_a_500_without_its_insides()
    {
        await using var server = await ServerUnderTest.StartAsync();
        server.Store.ReadFailure = new IOException("secret path");
        using var answer = await server.Client.GetAsync(new Uri(server.Ui, "/api/services"));
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.DoesNotContain("secret", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_queries_than_allowed_are_refused_with_RetryAfter()
    {
        await using var server = await ServerUnderTest.StartAsync(new LimitsOptions { ConcurrentQueriesMax = 1 });
        server.Store.HoldReads();
        var held = server.Client.GetAsync(new Uri(server.Ui, "/api/services"));
        await Until.TrueAsync(() => server.Store.WaitingReads == 1);
        using var refused = await server.Client.GetAsync(new Uri(server.Ui, "/api/operations?service=shop"));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("1", refused.Headers.GetValues("Retry-After").Single());
        server.Store.ReleaseReads();
        using var answer = await held;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_body_that_drips_holds_no_place_of_a_query()
    {
        await using var server = await ServerUnderTest.StartAsync(new LimitsOptions { ConcurrentQueriesMax = 1 });
        using var endless = new TcpClient();
        await endless.ConnectAsync(server.Ui.Host, server.Ui.Port);
        await endless.GetStream().WriteAsync("POST /api/transform HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"u8.ToArray());
        await Until.TrueAsync(async () => await server.MetricAsync("clew_in_flight_requests") > 0);
        using var answer = await server.Client.GetAsync(new Uri(server.Ui, "/api/services"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_second_dependency_graph_at_one_time_is_refused_and_those_of_other_servers_are_not()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var other = await ServerUnderTest.StartAsync();
        server.Store.HoldReads();
        var held = server.Client.GetAsync(new Uri(server.Ui, "/api/dependencies"));
        await Until.TrueAsync(() => server.Store.WaitingReads == 1);
        using var refused = await server.Client.GetAsync(new Uri(server.Ui, "/api/dependencies"));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        using var elsewhere = await other.Client.GetAsync(new Uri(other.Ui, "/api/dependencies"));
        Assert.Equal(HttpStatusCode.OK, elsewhere.StatusCode);
        server.Store.ReleaseReads();
        using var answer = await held;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    static async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path)
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.Store.AppendAsync(Sample, default);
        return await server.GetJsonAsync(path);
    }
}
