using System.Net;
using System.Text.Json;
using Clew.Model;
using Google.Protobuf;
using Jaeger.Proto.V3;
using Tempo.Proto;

namespace Clew.Server.Tests;

/// <summary>What queries and look-ups may take in memory, and how each API says that it is too much.</summary>
public sealed class QueryMemoryTests
{
    const ulong Start = 1_700_000_000_000_000_000;

    const string Times = "query.startTimeMin=1970-01-01T00:00:00Z&query.startTimeMax=2030-01-01T00:00:00Z";

    static readonly string Id = Spans.TraceOne.ToString();

    [Theory]
    [InlineData("tempo", "/api/traces/{0}")]
    [InlineData("tempo", "/api/v2/traces/{0}")]
    [InlineData("ui", "/api/clew/v1/traces/{0}")]
    [InlineData("ui", "/api/traces/{0}")]
    [InlineData("ui", "/api/v3/traces/{0}")]
    [InlineData("zipkin", "/api/v2/trace/{0}")]
    public async Task A_trace_that_takes_more_memory_than_one_may_is_refused_with_the_bound_and_what_to_do(string port, string path)
    {
        await using var server = await StartAsync(query => query with { TraceBytesMax = 64 << 10 });
        using var answer = await GetAsync(server, port, path);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains($"trace {Id} takes more memory than query.trace_bytes_max (65536 bytes) allows: raise it, or", text, StringComparison.Ordinal);
        Assert.Equal(0, server.Server.Memory.Bytes);
        await using var ample = await StartAsync(query => query);
        using var whole = await GetAsync(ample, port, path);
        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
        await whole.Content.ReadAsByteArrayAsync();
        await Until.TrueAsync(() => ample.Server.Memory.Bytes == 0);
    }

    [Theory]
    [InlineData("ui", "/api/clew/v1/search?service=shop", 2, "header")]
    [InlineData("ui", "/api/traces?service=shop&start=0", 2, "errors")]
    [InlineData("ui", "/api/traces?service=shop&start=0&tag=event:retry", 2, "header")]
    [InlineData("ui", "/api/traces?traceID=b2&traceID={0}&traceID=b1", 2, "errors")]
    [InlineData("ui", "/api/traces?traceID={0}", 0, "errors")]
    [InlineData("ui", "/api/v3/traces?query.serviceName=shop&" + Times, 2, "header")]
    [InlineData("ui", "/api/v3/trace-summaries?query.serviceName=shop&" + Times, 2, "header")]
    [InlineData("zipkin", "/api/v2/traces?serviceName=shop&endTs=1800000000000&lookback=1800000000000", 2, "header")]
    [InlineData("zipkin", "/api/v2/traceMany?traceIds=b2,{0},b1", 2, "header")]
    public async Task A_list_leaves_out_a_trace_that_takes_more_memory_than_one_may_and_says_so(string port, string path, int count, string where)
    {
        await using var server = await StartAsync(query => query with { TraceBytesMax = 64 << 10 });
        await AppendSmallAsync(server);
        using var answer = await GetAsync(server, port, path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(count, ((string[])["b1\"", "b2\""]).Count(id => text.Contains(id, StringComparison.Ordinal)));
        var problem = $"trace {Id} takes more memory than query.trace_bytes_max (65536 bytes) allows: raise it, or";
        if (where == "errors")
        {
            var error = Assert.Single(JsonElement.Parse(text).GetProperty("errors").EnumerateArray());
            Assert.Equal((422, Id), (error.GetProperty("code").GetInt32(), error.GetProperty("traceID").GetString()));
            Assert.StartsWith(problem, error.GetProperty("msg").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(where == "header" ? 1 : 0, answer.Headers.Warning.Count(warning => warning.Text.Contains(problem, StringComparison.Ordinal)));
        Assert.Equal(0, server.Server.Memory.Bytes);
    }

    [Fact]
    public async Task Over_gRPC_a_search_leaves_such_a_trace_out()
    {
        await using var server = await StartAsync(query => query with { TraceBytesMax = 64 << 10 });
        await AppendSmallAsync(server);
        var query = new TraceQueryParameters { ServiceName = "shop", StartTimeMin = new(), StartTimeMax = new() { Seconds = 1_800_000_000 } };
        var answer = await GrpcCall.SendAsync(server.Client, server.JaegerGrpc, "/jaeger.api_v3.QueryService/FindTraces", GrpcCall.Frame(new FindTracesRequest { Query = query }.ToByteArray()));
        Assert.Equal((0, 2), (answer.Status, answer.Payloads.Count));
        Assert.Equal(1, await server.MetricAsync("clew_left_out_traces_total"));
    }

    [Theory]
    [InlineData("tempo", "/api/traces/{0}")]
    [InlineData("tempo", "/api/search?q=%7B%7D")]
    [InlineData("tempo", "/api/metrics/query_range?q=%7B%7D%7Crate()&start=1700000000&end=1700000030&step=10s")]
    [InlineData("tempo", "/api/v2/search/tag/name/values")]
    [InlineData("ui", "/api/clew/v1/traces/{0}")]
    [InlineData("ui", "/api/clew/v1/search?q=%7B%7D")]
    [InlineData("ui", "/api/traces/{0}")]
    [InlineData("ui", "/api/v3/traces/{0}")]
    [InlineData("zipkin", "/api/v2/trace/{0}")]
    public async Task A_query_for_which_others_leave_no_memory_may_be_asked_again_in_a_moment(string port, string path)
    {
        await using var server = await StartAsync(query => query);
        using (var others = new QueryRoom(long.MaxValue, server.Server.Memory))
        {
            others.Take(server.Server.Memory.BytesMax);
            using var refused = await GetAsync(server, port, path);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
            Assert.Contains("query.memory_bytes_total_max", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using var answer = await GetAsync(server, port, path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Calls_over_gRPC_end_with_a_status_that_says_whether_to_come_back()
    {
        await using var small = await StartAsync(query => query with { TraceBytesMax = 64 << 10 });
        var trace = GrpcCall.Frame(new GetTraceRequest { TraceId = Id }.ToByteArray());
        var answer = await GrpcCall.SendAsync(small.Client, small.JaegerGrpc, "/jaeger.api_v3.QueryService/GetTrace", trace);
        Assert.Equal(8, answer.Status);
        Assert.Contains("query.trace_bytes_max", answer.Message, StringComparison.Ordinal);

        await using var server = await StartAsync(query => query);
        using var others = new QueryRoom(long.MaxValue, server.Server.Memory);
        others.Take(server.Server.Memory.BytesMax);
        answer = await GrpcCall.SendAsync(server.Client, server.JaegerGrpc, "/jaeger.api_v3.QueryService/GetTrace", trace);
        Assert.Equal(14, answer.Status);
        Assert.Contains("query.memory_bytes_total_max", answer.Message, StringComparison.Ordinal);
        answer = await GrpcCall.SendAsync(server.Client, server.Tempo, "/tempopb.StreamingQuerier/Search", GrpcCall.Frame(new SearchRequest { Query = "{}" }.ToByteArray()));
        Assert.Equal(14, answer.Status);
        Assert.Contains("query.memory_bytes_total_max", answer.Message, StringComparison.Ordinal);
        Assert.Equal(1, await server.MetricAsync("clew_refused_queries_total{api=\"tempo\",reason=\"memory\"}"));
    }

    [Fact]
    public async Task A_query_that_finds_something_before_the_memory_of_all_is_used_up_answers_in_part()
    {
        await using var server = await StartAsync(query => query);
        using var others = new QueryRoom(long.MaxValue, server.Server.Memory);
        others.Take(server.Server.Memory.BytesMax - QueryRoom.StepBytes);
        Assert.Equal(server.Server.Memory.BytesMax - QueryRoom.StepBytes, await server.MetricAsync("clew_query_memory_bytes"));
        var question = $"metrics?q={Uri.EscapeDataString("{} | rate() by (span:id)")}&start={Start}&end={Start + 1_000_000_000}&step=1s";
        var (status, body) = await server.GetJsonAsync("/api/clew/v1/" + question);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("totalMemory", body.GetProperty("partial").GetProperty("limit").GetString());
        Assert.Contains("query.memory_bytes_total_max", body.GetProperty("partial").GetProperty("message").GetString(), StringComparison.Ordinal);
        var (_, _, tempo) = await server.GetTempoAsync($"/api/metrics/query_range?q={Uri.EscapeDataString("{} | rate() by (span:id)")}&start=1700000000&end=1700000030&step=10s");
        Assert.Contains("query.memory_bytes_total_max", JsonElement.Parse(tempo).GetProperty("message").GetString(), StringComparison.Ordinal);
        await Until.TrueAsync(() => server.Server.Memory.Bytes == server.Server.Memory.BytesMax - QueryRoom.StepBytes);
    }

    [Fact]
    public async Task A_search_that_goes_without_a_trace_too_large_for_it_does_not_say_that_it_is_complete()
    {
        await using var server = await StartAsync(query => query with { MemoryBytesMax = 64 << 10 });
        await AppendSmallAsync(server);
        var (_, _, text) = await server.GetTempoAsync("/api/search?q=%7B%7D");
        var answer = JsonElement.Parse(text);
        Assert.Equal(2, answer.GetProperty("traces").GetArrayLength());
        Assert.False(answer.GetProperty("metrics").TryGetProperty("completedJobs", out _));
        var (_, body) = await server.GetJsonAsync("/api/clew/v1/search?q=%7B%7D");
        Assert.Equal("memory", body.GetProperty("partial").GetProperty("limit").GetString());
    }

    [Fact]
    public async Task Values_count_in_memory_until_they_are_sent()
    {
        await using var server = await StartAsync(query => query);
        var spans = new Spans();
        for (var id = 1UL; id <= 1_000; id++)
            spans.Span(id, attributes: [("text", $"{id}".PadRight(50_000))]);
        await server.Store.AppendAsync(spans.Batch, default);
        // More than what lies between the two ends of a connection.
        using (var answer = await server.Client.GetAsync(new Uri(server.Ui, "/api/clew/v1/attributes/values?name=span.text&limit=1000"), HttpCompletionOption.ResponseHeadersRead))
        {
            Assert.InRange(server.Server.Memory.Bytes, 50_000_000, long.MaxValue);
            Assert.Equal(1_000, JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("values").GetArrayLength());
        }

        await Until.TrueAsync(() => server.Server.Memory.Bytes == 0);
    }

    [Fact]
    public async Task Summaries_of_a_search_are_of_the_traces_that_it_fetched_and_cost_no_second_look()
    {
        await using var server = await StartAsync(query => query);
        // A copy, and a span whose parent is not there.
        await server.Store.AppendAsync(new Spans().Service("shop").Span(7_000, parent: 6_999, start: Start, end: Start + 5, name: "late", trace: Spans.TraceOne)
            .Span(7_000, parent: 6_999, start: Start, end: Start + 5, name: "late", trace: Spans.TraceOne).Batch, default);
        var before = server.Store.TraceLookUpCount;
        var (_, body) = await server.GetJsonAsync("/api/clew/v1/search?q=%7B%7D");
        var trace = Assert.Single(body.GetProperty("traces").EnumerateArray());
        Assert.Equal((2_001, 1), (trace.GetProperty("spanCount").GetInt32(), trace.GetProperty("orphanCount").GetInt32()));
        Assert.Equal(before + 1, server.Store.TraceLookUpCount);
    }

    [Fact]
    public async Task A_query_that_finds_nothing_is_not_refused_for_want_of_memory_for_hints()
    {
        await using var server = await StartAsync(query => query);
        await server.Store.AppendAsync(new Spans().Service("shop").Span(7_000, start: Start, end: Start + 5, name: "late").Batch, default);
        server.Store.AttributeKeysBytes = 1_000;
        using (var others = new QueryRoom(long.MaxValue, server.Server.Memory))
        {
            others.Take(server.Server.Memory.BytesMax);
            var (status, body) = await server.GetJsonAsync("/api/clew/v1/search?q=tenat%3Dacme");
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.False(body.TryGetProperty("hints", out _));
        }

        Assert.True((await server.GetJsonAsync("/api/clew/v1/search?q=tenat%3Dacme")).Body.TryGetProperty("hints", out _));
        await Until.TrueAsync(() => server.Server.Memory.Bytes == 0);
    }

    static async Task<ServerUnderTest> StartAsync(Func<QueryOptions, QueryOptions> change)
    {
        var server = await ServerUnderTest.StartAsync(change: options => options with { Query = change(options.Query) });
        var spans = new Spans();
        for (var id = 1UL; id <= 2_000; id++)
            spans.Span(id, start: Start + id, end: Start + id + 1, name: "op", trace: Spans.TraceOne);
        await server.Store.AppendAsync(spans.Batch, default);
        return server;
    }

    // On both sides of the large one in time.
    static async Task AppendSmallAsync(ServerUnderTest server) => await server.Store.AppendAsync(
        new Spans()
            .Event(Start, "retry").Span(1, start: Start, end: Start + 1, trace: new TraceId(0, 0xb1))
            .Event(Start, "retry").Span(1, start: Start + 5_000, end: Start + 5_001, trace: new TraceId(0, 0xb2)).Batch,
        default);

    static Task<HttpResponseMessage> GetAsync(ServerUnderTest server, string port, string path)
    {
        var address = port switch { "tempo" => server.Tempo, "zipkin" => server.Zipkin, _ => server.Ui };
        return server.Client.GetAsync(new Uri(address, path.Replace("{0}", Id, StringComparison.Ordinal)));
    }
}
