using System.Net;
using System.Text.Json;
using Clew.Model;

namespace Clew.Server.Tests;

public sealed class ClewApiTests
{
    static readonly TraceId One = new(0, 1), Two = new(0, 2);

    static readonly SpanBatch Sample = new Spans()
        .Service("shop")
        .Span(0x11, start: 1_000_000, end: 3_000_000, name: "GET /cart", trace: One, kind: SpanKind.Server, attributes: [("tier", "a:b"), ("aws:arn", "x:y"), ("100%", "yes")])
        .Service("stock")
        .Span(0x12, parent: 0x11, start: 1_200_000, end: 1_900_000, name: "reserve", trace: One, status: StatusCode.Error)
        .Span(0x13, parent: 0x99, start: 1_300_000, end: 1_400_000, name: "lost", trace: One)
        .Service("shop")
        .Span(0x21, parent: 0x77, start: 5_000_000, end: 900_000_000, name: "late", trace: Two)
        .Batch;

    [Theory]
    [InlineData("services", """{"services":["shop","stock"]}""")]
    [InlineData("operations?service=shop", """{"operations":[{"name":"GET /cart","spanKind":"server"},{"name":"late","spanKind":""}]}""")]
    [InlineData("operations?service=none", """{"operations":[]}""")]
    public async Task Names_are_listed(string path, string expected)
    {
        var (status, body) = await GetAsync(path);
        Assert.Equal((HttpStatusCode.OK, expected), (status, body.GetRawText()));
    }

    [Fact]
    public async Task A_search_answers_with_one_line_per_trace_newest_first()
    {
        var (_, body) = await GetAsync("search");
        Assert.Equal(
            """
            {"traces":[{"traceId":"00000000000000000000000000000002","rootServiceName":"","rootOperationName":"","startTimeUnixNano":"5000000","durationNanos":"895000000","spanCount":1,"errorCount":0,"orphanCount":1,"services":[{"name":"shop","spanCount":1,"errorCount":0}]},{"traceId":"00000000000000000000000000000001","rootServiceName":"shop","rootOperationName":"GET /cart","startTimeUnixNano":"1000000","durationNanos":"2000000","spanCount":3,"errorCount":1,"orphanCount":1,"services":[{"name":"shop","spanCount":1,"errorCount":0},{"name":"stock","spanCount":2,"errorCount":1}]}]}
            """,
            body.GetRawText());
    }

    [Theory]
    [InlineData("service=shop", "2 1")]
    [InlineData("service=shop&operation=late", "2")]
    [InlineData("tag=error:true", "1")]
    [InlineData("tag=tier:a:b", "1")]
    [InlineData("tag=tier:a", "")]
    [InlineData("tag=aws%253Aarn:x:y", "1")]
    [InlineData("tag=aws:arn:x:y", "")]
    [InlineData("tag=100%2525:yes", "1")]
    [InlineData("tag=100%25:yes", "1")]
    [InlineData("minDuration=10ms", "2")]
    [InlineData("maxDuration=1ms", "1")]
    [InlineData("start=1300001", "2")]
    [InlineData("start=1300000&end=1300000", "1")]
    [InlineData("limit=1", "2")]
    [InlineData("service=&operation=&minDuration=&start=&limit=", "2 1")]
    public async Task A_search_narrows_by_what_is_given(string query, string expected)
    {
        var (status, body) = await GetAsync("search?" + query);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(expected, string.Join(' ', body.GetProperty("traces").EnumerateArray().Select(trace => trace.GetProperty("traceId").GetString()!.TrimStart('0'))));
    }

    [Theory]
    [InlineData("search?minDuration=fast", "minDuration", "minDuration is 'fast'; expected a duration such as 100ms, 1.2s or 1h3m.")]
    [InlineData("search?minDuration=2s&maxDuration=1s", "maxDuration", "maxDuration 1s is shorter than minDuration 2s.")]
    [InlineData("search?start=now", "start", "start is 'now'; expected nanoseconds since 1970, such as 1700000000000000000.")]
    [InlineData("search?start=5&end=4", "end", "The range ends before it starts: start is 5, end is 4.")]
    [InlineData("search?limit=0", "limit", "limit is '0'; expected 1 to 1500 (query.traces_max).")]
    [InlineData("search?tag=nonsense", "tag", "tag is 'nonsense'; expected key:value, such as http.response.status_code:500.")]
    [InlineData("search?servce=shop", "servce", "There is no parameter 'servce'. Did you mean 'service'?")]
    [InlineData("search?min_duration=1s", "min_duration", "There is no parameter 'min_duration'. Did you mean 'minDuration'?")]
    [InlineData("search?zzzzzzzzzzzz=1", "zzzzzzzzzzzz", "There is no parameter 'zzzzzzzzzzzz'. Known are service, operation, tag, minDuration, maxDuration, start, end, limit, q, spans, after, explain.")]
    [InlineData("services?all=1", "all", "There is no parameter 'all'. None is expected here.")]
    [InlineData("operations", "service", "Say which service's operations to list: service=NAME.")]
    [InlineData("traces/xyz", "traceId", "'xyz' is not a trace id: expected up to 32 hexadecimal digits, not all zero.")]
    public async Task A_mistake_is_a_400_that_names_the_parameter(string path, string parameter, string message)
    {
        var (status, body) = await GetAsync(path);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal((parameter, message), (body.GetProperty("error").GetProperty("parameter").GetString(), body.GetProperty("error").GetProperty("message").GetString()));
    }

    [Fact]
    public async Task A_trace_is_answered_as_OTLP_JSON()
    {
        var (status, body) = await GetAsync("traces/00000000000000000000000000000002");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["resourceSpans"], body.EnumerateObject().Select(field => field.Name));
        var span = body.GetProperty("resourceSpans")[0].GetProperty("scopeSpans")[0].GetProperty("spans")[0];
        Assert.Equal(("00000000000000000000000000000002", "0000000000000021", "0000000000000077", "late", "5000000"), (
            span.GetProperty("traceId").GetString(), span.GetProperty("spanId").GetString(), span.GetProperty("parentSpanId").GetString(),
            span.GetProperty("name").GetString(), span.GetProperty("startTimeUnixNano").GetString()));
    }

    [Fact]
    public async Task A_long_trace_is_answered_in_pieces_that_hold_every_span_once()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var spans = new Spans();
        for (var id = 1UL; id <= 4_500; id++)
            spans.Span(id, parent: id / 2, start: id * 1_000, end: (id * 1_000) + 500);
        await server.Store.AppendAsync(spans.Batch, default);
        var (_, body) = await server.GetJsonAsync($"/api/clew/v1/traces/{Spans.TraceOne}");
        var ids = from resource in body.GetProperty("resourceSpans").EnumerateArray()
                  from scope in resource.GetProperty("scopeSpans").EnumerateArray()
                  from span in scope.GetProperty("spans").EnumerateArray()
                  select Convert.ToUInt64(span.GetProperty("spanId").GetString(), 16);
        Assert.Equal(Enumerable.Range(1, 4_500).Select(id => (ulong)id), ids.Order());
    }

    [Fact]
    public async Task Spans_that_were_sent_twice_count_once_and_the_answer_says_how_many_copies_it_leaves_out()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.Store.AppendAsync(Sample, default);
        await server.Store.AppendAsync(Sample, default);
        await server.Store.AppendAsync(new Spans().Service("stock").Span(0x13, parent: 0x99, start: 1_300_000, end: 1_400_001, name: "lost", trace: One).Batch, default);
        var summary = (await server.GetJsonAsync("/api/clew/v1/search?service=stock")).Body.GetProperty("traces")[0];
        Assert.Equal((4, 1, 2), (summary.GetProperty("spanCount").GetInt32(), summary.GetProperty("errorCount").GetInt32(), summary.GetProperty("orphanCount").GetInt32()));

        var (_, trace) = await server.GetJsonAsync($"/api/clew/v1/traces/{One}");
        Assert.Equal(3, trace.GetProperty("identicalCopiesLeftOut").GetInt32());
        var ids = from resource in trace.GetProperty("resourceSpans").EnumerateArray()
                  from scope in resource.GetProperty("scopeSpans").EnumerateArray()
                  from span in scope.GetProperty("spans").EnumerateArray()
                  select Convert.ToUInt64(span.GetProperty("spanId").GetString(), 16);
        Assert.Equal([0x11UL, 0x12UL, 0x13UL, 0x13UL], ids.Order());
    }

    [Fact]
    public async Task An_unknown_trace_is_a_404()
    {
        var (status, body) = await GetAsync("traces/ff");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal("No span of trace 000000000000000000000000000000ff is stored: none has arrived here yet, or its time is over (storage.retention).", body.GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task The_status_counts_spans()
    {
        var (_, body) = await GetAsync("status");
        Assert.Equal(("0.1.0", "4", JsonValueKind.Null), (body.GetProperty("version").GetString(), body.GetProperty("spans").GetString(), body.GetProperty("traces").ValueKind));
        Assert.Equal("0.1.0", ClewServer.Version);
    }

    [Fact]
    public async Task The_status_says_where_spans_go()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var status = (await server.GetJsonAsync("/api/clew/v1/status")).Body;
        var otlp = status.GetProperty("otlp");
        Assert.Equal($"http://127.0.0.1:{server.Zipkin.Port}", status.GetProperty("zipkin").GetString());
        Assert.Equal(
            ($"http://127.0.0.1:{server.Grpc.Port}", $"http://127.0.0.1:{server.Http.Port}"), (otlp.GetProperty("grpc").GetString(), otlp.GetProperty("http").GetString()));
    }

    [Theory]
    [InlineData("traces.internal:9", "http://traces.internal")]
    [InlineData("[fe80::1]:16686", "http://[fe80::1]")]
    [InlineData("10.1.2.3", "http://10.1.2.3")]
    public async Task A_server_on_every_interface_says_so_by_the_name_it_was_asked_by(string host, string expected)
    {
        await using var server = await ServerUnderTest.StartAsync(change: options => options with
        {
            Listen = options.Listen with { OtlpGrpc = "*:0", OtlpHttp = "0.0.0.0:0", AllowedHosts = ["*"] },
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Ui, "/api/clew/v1/status"));
        request.Headers.Host = host;
        using var answer = await server.Client.SendAsync(request);
        var otlp = JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("otlp");
        Assert.Equal(
            ($"{expected}:{server.Grpc.Port}", $"{expected}:{server.Http.Port}"), (otlp.GetProperty("grpc").GetString(), otlp.GetProperty("http").GetString()));
    }

    [Fact]
    public async Task A_search_is_ordered_by_the_start_that_it_shows()
    {
        // Found by their newest spans, One would come first; Two and Three start together.
        await using var server = await ServerUnderTest.StartAsync();
        await server.Store.AppendAsync(
            new Spans()
                .Span(0x11, start: 1_000, end: 9_000, trace: One).Span(0x12, parent: 0x11, start: 8_000, end: 9_000, trace: One)
                .Span(0x31, start: 5_000, end: 6_000, trace: new TraceId(0, 3))
                .Span(0x21, start: 5_000, end: 6_000, trace: Two)
                .Batch,
            default);
        var (_, body) = await server.GetJsonAsync("/api/clew/v1/search");
        Assert.Equal("2 3 1", string.Join(' ', body.GetProperty("traces").EnumerateArray().Select(trace => trace.GetProperty("traceId").GetString()!.TrimStart('0'))));
    }

    [Fact]
    public async Task An_unknown_path_is_a_404_that_lists_what_there_is()
    {
        var (status, body) = await GetAsync("trace");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("traces/{id}", body.GetProperty("error").GetProperty("message").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_changed_through_this_API()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var answer = await server.Client.PostAsync(new Uri(server.Ui, "/api/clew/v1/services"), null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Contains("use GET", JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("error").GetProperty("message").GetString()!, StringComparison.Ordinal);
    }

    static async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path)
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.Store.AppendAsync(Sample, default);
        return await server.GetJsonAsync("/api/clew/v1/" + path);
    }
}
