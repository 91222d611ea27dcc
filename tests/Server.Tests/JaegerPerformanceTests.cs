using System.Net;
using System.Text.Json;
using Clew.Model;

namespace Clew.Server.Tests;

/// <summary>The metrics of Jaeger's Monitor tab.</summary>
public sealed class JaegerPerformanceTests
{
    const ulong Second = 1_000_000_000, Milli = 1_000_000, Start = 1_700_000_000 * Second;

    /// <summary>Four points, from 2023-11-14T22:13:20Z on, each of the ten seconds that end with it.</summary>
    const string Tens = "&endTs=1700000030000&lookback=30000&step=10000&ratePer=10000";

    // In seconds: shop is called at 1 and 2 and 15, the last an error, and calls at 3; stock is called at 4. What has no good name is called at 5 to 8.
    static readonly SpanBatch Sample = new Spans()
        .Service("shop")
        .Span(0x11, start: Start + Second, end: Start + Second + 64 * Milli, name: "GET /cart", kind: SpanKind.Server)
        .Span(0x12, start: Start + 2 * Second, end: Start + 2 * Second + 64 * Milli, name: "POST /cart", kind: SpanKind.Server, status: StatusCode.Ok)
        .Span(0x13, start: Start + 15 * Second, end: Start + 15 * Second + 250 * Milli, name: "GET /cart", kind: SpanKind.Server, status: StatusCode.Error)
        .Span(0x14, start: Start + 3 * Second, end: Start + 3 * Second + 5 * Milli, name: "reserve", kind: SpanKind.Client, status: StatusCode.Error)
        .Service("stock")
        .Span(0x21, start: Start + 4 * Second, end: Start + 4 * Second + 3 * Milli, name: "reserve", kind: SpanKind.Server)
        .Service(null)
        .Span(0x31, start: Start + 5 * Second, end: Start + 6 * Second, name: "", kind: SpanKind.Server)
        .Service("")
        .Span(0x41, start: Start + 6 * Second, end: Start + 7 * Second, kind: SpanKind.Server)
        .Service(7)
        .Span(0x51, start: Start + 7 * Second, end: Start + 8 * Second, kind: SpanKind.Server)
        .Service("missing-service-name")
        .Span(0x61, start: Start + 8 * Second, end: Start + 9 * Second, kind: SpanKind.Server)
        .Batch;

    [Theory]
    [InlineData("calls?service=shop", "shop: 0 0.2 0.1 0")]
    [InlineData("errors?service=shop", "shop: NaN 0 1 NaN")]
    [InlineData("latencies?service=shop&quantile=1", "shop: NaN 67.108864 268.435456 NaN")]
    [InlineData("calls?service=stock&service=shop", "shop: 0 0.2 0.1 0; stock: 0 0.1 0 0")]
    [InlineData("calls?service=stock,service=shop", "shop: 0 0.2 0.1 0; stock: 0 0.1 0 0")]
    [InlineData("calls?service=shop&service=shop&service=none", "shop: 0 0.2 0.1 0")]
    [InlineData("calls?service=shop&quantile=nonsense", "shop: 0 0.2 0.1 0")]
    [InlineData("errors?service=stock", "stock: NaN 0 NaN NaN")]
    [InlineData("calls?service=shop&groupByOperation=true", "shop GET /cart: 0 0.1 0.1 0; shop POST /cart: 0 0.1 0 0")]
    [InlineData("errors?service=shop&groupByOperation=1", "shop GET /cart: NaN 0 1 NaN; shop POST /cart: NaN 0 NaN NaN")]
    [InlineData("latencies?service=shop&quantile=1.0&groupByOperation=t", "shop GET /cart: NaN 67.108864 268.435456 NaN; shop POST /cart: NaN 67.108864 NaN NaN")]
    [InlineData("calls?service=shop&spanKind=client", "shop: 0 0.1 0 0")]
    [InlineData("calls?service=shop&spanKind=SPAN_KIND_CLIENT&spanKind=server&spanKind=server", "shop: 0 0.3 0.1 0")]
    [InlineData("errors?service=shop&spanKind=client&spanKind=server", "shop: NaN 0.3333333333333333 1 NaN")]
    [InlineData("calls?service=shop&spanKind=internal", "")]
    [InlineData("calls?service=missing-service-name&service=service-name-wrong-type", "missing-service-name: 0 0.2 0 0; service-name-wrong-type: 0 0.1 0 0")]
    [InlineData("calls?service=missing-service-name&groupByOperation=true", "missing-service-name empty-span-name: 0 0.1 0 0; missing-service-name op: 0 0.1 0 0")]
    [InlineData("latencies?service=empty-service-name&quantile=0", "empty-service-name: NaN 536.870912 NaN NaN")]
    public async Task Spans_become_a_series_for_each_service_or_operation(string query, string expected) => Assert.Equal(expected, Text(await GetAsync(query + Tens)));

    [Theory]
    [InlineData("&endTs=1700000030000&lookback=30000&step=10000&ratePer=20000", "0 0.1 0.15 0.05")]
    [InlineData("&endTs=1700000039999&lookback=39999&step=10000&ratePer=20000", "0 0.1 0.15 0.05")]
    [InlineData("&endTs=1700000030000&lookback=30000&step=20000&ratePer=30000", "0.06666666666666667 0.1")]
    [InlineData("&endTs=1700000030000&lookback=30000&step=30000&ratePer=10000", "0 0")]
    [InlineData("&endTs=1700000002000&lookback=1000&step=500&ratePer=500", "2 0 2")]
    [InlineData("&endTs=1700000002000&lookback=0&step=60000&ratePer=1000", "1")]
    [InlineData("&endTs=1700000100000&lookback=0&ratePer=100000", "0.03")]
    [InlineData("&endTs=1700000300000&lookback=0", "0.005")]
    [InlineData("&endTs=1700000020000&lookback=5000&ratePer=10000", "0.1 0.1")]
    public async Task A_point_stands_for_the_window_that_ends_with_it(string times, string expected) =>
        Assert.Equal($"shop: {expected}", Text(await GetAsync("calls?service=shop" + times)));

    [Fact]
    public async Task By_default_there_is_a_point_every_five_seconds_of_the_last_hour()
    {
        var points = (await GetAsync("calls?service=shop&endTs=1700000300000")).GetProperty("metrics")[0].GetProperty("metricPoints");
        Assert.Equal(721, points.GetArrayLength());
        Assert.Equal("2023-11-14T21:18:20Z", points[0].GetProperty("timestamp").GetString());
        Assert.Equal("2023-11-14T22:18:20Z", points[720].GetProperty("timestamp").GetString());
    }

    [Theory]
    [InlineData("latencies?service=shop&quantile=0.95", "service_latencies", "0.95th quantile latency, grouped by service")]
    [InlineData("latencies?service=shop&quantile=0.5&groupByOperation=true", "service_operation_latencies", "0.50th quantile latency, grouped by service & operation")]
    [InlineData("calls?service=shop", "service_call_rate", "calls/sec, grouped by service")]
    [InlineData("calls?service=shop&groupByOperation=true", "service_operation_call_rate", "calls/sec, grouped by service & operation")]
    [InlineData("errors?service=shop", "service_error_rate", "error rate, computed as a fraction of errors/sec over calls/sec, grouped by service")]
    [InlineData(
        "errors?service=shop&groupByOperation=true", "service_operation_error_rate", "error rate, computed as a fraction of errors/sec over calls/sec, grouped by service & operation")]
    public async Task An_answer_is_a_metric_family_without_an_envelope(string query, string name, string help)
    {
        var answer = await GetAsync(query + Tens);
        JsonShape.AssertMatches(JsonShape.JaegerMetricFamily, answer);
        Assert.Equal((name, "GAUGE", help), (answer.GetProperty("name").GetString(), answer.GetProperty("type").GetString(), answer.GetProperty("help").GetString()));
    }

    [Fact]
    public async Task An_answer_is_written_as_jsonpb_writes_it() => Assert.Equal(
        """
        {"name":"service_operation_error_rate","type":"GAUGE","help":"error rate, computed as a fraction of errors/sec over calls/sec, grouped by service & operation","metrics":[
        {"labels":[{"name":"service_name","value":"shop"},{"name":"operation","value":"GET /cart"}],"metricPoints":[
        {"gaugeValue":{"doubleValue":0},"timestamp":"2023-11-14T22:13:25Z"},{"gaugeValue":{"doubleValue":"NaN"},"timestamp":"2023-11-14T22:13:27.500Z"}]},
        {"labels":[{"name":"service_name","value":"shop"},{"name":"operation","value":"POST /cart"}],"metricPoints":[
        {"gaugeValue":{"doubleValue":0},"timestamp":"2023-11-14T22:13:25Z"},{"gaugeValue":{"doubleValue":"NaN"},"timestamp":"2023-11-14T22:13:27.500Z"}]}]}
        """.ReplaceLineEndings(""),
        (await GetAsync("errors?service=shop&groupByOperation=true&endTs=1700000007500&lookback=2500&step=2500&ratePer=5000")).GetRawText());

    [Theory]
    [InlineData("latencies?service=none&quantile=0.95" + Tens)]
    [InlineData("calls?service=none" + Tens)]
    [InlineData("errors?service=none" + Tens)]
    [InlineData("calls?service=shop&endTs=1600000000000")]
    [InlineData("calls?service=shop&endTs=0&lookback=99999")]
    [InlineData("calls?service=shop&endTs=7&lookback=99999&step=1&ratePer=99999")]
    [InlineData("calls?service=shop&endTs=9223372036854775807&lookback=1000000")]
    [InlineData("latencies?service=none&quantile=0&endTs=9223372036854775807&lookback=0&step=9223372036854775807&ratePer=9223372036854775807")]
    [InlineData("errors?service=shop")]
    public async Task Without_traffic_the_list_is_there_and_empty(string query)
    {
        var answer = await GetAsync(query);
        JsonShape.AssertMatches(JsonShape.JaegerMetricFamily, answer);
        Assert.Equal("[]", answer.GetProperty("metrics").GetRawText());
    }

    [Theory]
    [InlineData("0", 8.388608)]
    [InlineData("0.25", 11.863283)]
    [InlineData("0.5", 16.777216)]
    [InlineData("0.75", 759.250125)]
    [InlineData("0.9", 934.74655)]
    [InlineData("1", 1073.741824)]
    public async Task A_quantile_lies_in_its_octave_as_far_as_its_rank_does(string quantile, double expected)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var spans = new Spans();
        for (var at = 1UL; at <= 100; at++)
            spans.Span(at, start: Start + at, end: Start + at + (at % 2 == 0 ? 10UL : 1_000) * Milli, kind: SpanKind.Server);
        await server.Store.AppendAsync(spans.Batch, default);
        var (_, answer) = await server.GetJsonAsync($"/api/metrics/latencies?service=shop&quantile={quantile}{Tens}");
        var point = answer.GetProperty("metrics")[0].GetProperty("metricPoints")[1];
        Assert.Equal(expected, point.GetProperty("gaugeValue").GetProperty("doubleValue").GetDouble(), 1e-6);
    }

    [Fact]
    public async Task The_smallest_step_is_a_millisecond() =>
        Assert.Equal("""{"data":1,"total":0,"limit":0,"offset":0,"errors":null}""", (await GetAsync("minstep")).GetRawText());

    [Theory]
    [InlineData("calls", "unable to parse param 'service': please provide at least one service name")]
    [InlineData("calls?service=", "unable to parse param 'service'")]
    [InlineData("latencies?service=shop", "unable to parse param 'quantile': '' is not a number from 0 to 1")]
    [InlineData("latencies?service=shop&quantile=95", "unable to parse param 'quantile': '95'")]
    [InlineData("latencies?service=shop&quantile=-0.1", "unable to parse param 'quantile': '-0.1'")]
    [InlineData("latencies?service=shop&quantile=NaN", "unable to parse param 'quantile': 'NaN'")]
    [InlineData("calls?service=shop&groupByOperation=perhaps", "unable to parse param 'groupByOperation': expected true or false, received 'perhaps'")]
    [InlineData("calls?service=shop&spanKind=none", "unable to parse param 'spanKind': 'none' is not a span kind")]
    [InlineData("calls?service=shop&spanKind=server&spanKind=", "unable to parse param 'spanKind': '' is not a span kind")]
    [InlineData("calls?service=shop&endTs=now", "unable to parse param 'endTs': 'now' is not a number of milliseconds")]
    [InlineData("calls?service=shop&endTs=-1", "unable to parse param 'endTs'")]
    [InlineData("errors?service=shop&lookback=1h", "unable to parse param 'lookback': '1h' is not a number of milliseconds")]
    [InlineData("errors?service=shop&step=5s", "unable to parse param 'step': '5s'")]
    [InlineData("errors?service=shop&step=0", "unable to parse param 'step': it must not be less than 1 millisecond")]
    [InlineData("errors?service=shop&ratePer=10m", "unable to parse param 'ratePer': '10m'")]
    [InlineData("errors?service=shop&ratePer=0", "unable to parse param 'ratePer': it must not be less than 1 millisecond")]
    [InlineData("calls?service=shop&lookback=86400000", "more than 10000 points")]
    [InlineData("calls?service=shop&ratePer=600001", "more than 10000 points")]
    [InlineData("calls?service=shop&lookback=9223372036854775807", "more than 10000 points")]
    public async Task A_mistake_is_a_400_in_the_envelope(string query, string message)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var (status, body) = await server.GetJsonAsync("/api/metrics/" + query);
        Assert.Equal((HttpStatusCode.BadRequest, JsonValueKind.Null), (status, body.GetProperty("data").ValueKind));
        Assert.Equal(400, body.GetProperty("errors")[0].GetProperty("code").GetInt32());
        Assert.Contains(message, body.GetProperty("errors")[0].GetProperty("msg").GetString()!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1 << 20, 1 << 30, "query.memory_bytes_max")]
    [InlineData(1 << 28, 1 << 20, "query.memory_bytes_total_max")]
    public async Task What_one_query_may_not_take_is_refused_by_the_lower_bound_and_no_part_of_it_answered(long bytesMax, long bytesTotalMax, string setting)
    {
        var query = new QueryOptions { MemoryBytesMax = bytesMax, MemoryBytesTotalMax = bytesTotalMax };
        await using var server = await ServerUnderTest.StartAsync(change: options => options with { Query = query });
        var spans = new Spans();
        for (var id = 1UL; id <= 8_000; id++)
            spans.Span(id, start: Start + id, name: $"name {id}", kind: SpanKind.Server);
        await server.Store.AppendAsync(spans.Batch, default);
        var (status, body) = await server.GetJsonAsync("/api/metrics/calls?service=shop&groupByOperation=true" + Tens);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains($"as much memory as {setting} allows was taken", body.GetProperty("errors")[0].GetProperty("msg").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_metric_takes_the_place_of_a_query_and_is_measured_as_one()
    {
        await using var server = await ServerUnderTest.StartAsync(new LimitsOptions { ConcurrentQueriesMax = 1 });
        Assert.Equal(HttpStatusCode.OK, (await server.GetJsonAsync("/api/metrics/calls?service=shop")).Status);
        Assert.Equal(1, await server.MetricAsync("""clew_query_seconds_count{api="jaeger",operation="metrics"}"""));
        server.Store.HoldReads();
        var held = server.Client.GetAsync(new Uri(server.Ui, "/api/services"));
        await Until.TrueAsync(() => server.Store.WaitingReads == 1);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await server.GetJsonAsync("/api/metrics/calls?service=shop")).Status);
        server.Store.ReleaseReads();
        using var answer = await held;
    }

    [Fact]
    public async Task What_came_over_OTLP_is_counted_before_and_after_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("clew-performance-");
        try
        {
            var options = new ClewOptions { Listen = ServerUnderTest.FreePorts, DataFolder = folder.FullName };
            var start = TimeProvider.System.GetUtcNow().AddSeconds(-2);
            using var client = new HttpClient();
            await using (var first = await ClewServer.StartAsync(options))
            {
                await SendAsync(client, first, "shop", [.. Enumerable.Range(1, 8).Select(id => OtlpSpan(id, "GET /cart", start, SpanKind.Server, id <= 2 ? StatusCode.Error : StatusCode.Unset))]);
                await SendAsync(client, first, "stock", OtlpSpan(9, "reserve", start, SpanKind.Server, StatusCode.Ok), OtlpSpan(10, "SELECT", start, SpanKind.Client, StatusCode.Error));
                await AssertCountedAsync(client, first);
            }

            await using var second = await ClewServer.StartAsync(options);
            await AssertCountedAsync(client, second);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task PrettyPrint_indents_by_four()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var text = await server.Client.GetStringAsync(new Uri(server.Ui, "/api/metrics/calls?service=shop&prettyPrint=true"));
        Assert.StartsWith("{\n    \"name\": \"service_call_rate\"", text, StringComparison.Ordinal);
    }

    static async Task<JsonElement> GetAsync(string query)
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.Store.AppendAsync(Sample, default);
        var (status, body) = await server.GetJsonAsync("/api/metrics/" + query);
        Assert.True(status == HttpStatusCode.OK, body.GetRawText() + string.Join('\n', server.Log.Lines));
        return body;
    }

    // Of 100 milliseconds.
    static byte[] OtlpSpan(int id, string name, DateTimeOffset start, SpanKind kind, StatusCode status)
    {
        var nanos = UnixNanos.From(start).Value;
        return Otlp.Span(
            $"{id:x16}", name, "", $"{id:x32}", Otlp.Number(6, (ulong)kind), Otlp.Fixed64(7, nanos), Otlp.Fixed64(8, nanos + 100 * Milli), Otlp.Field(15, Otlp.Number(3, (ulong)status)));
    }

    static async Task SendAsync(HttpClient client, ClewServer server, string service, params byte[][] spans)
    {
        using var body = new ByteArrayContent(Otlp.Request(service, spans));
        body.Headers.ContentType = new("application/x-protobuf");
        using var stored = await client.PostAsync(new Uri(server.OtlpHttp.Address, "/v1/traces"), body);
        Assert.Equal(HttpStatusCode.OK, stored.StatusCode);
    }

    // Of the last hundred seconds, up to a second that the spans are older than.
    static async Task AssertCountedAsync(HttpClient client, ClewServer server)
    {
        const string Times = "&lookback=0&step=1000&ratePer=100000";
        Assert.Equal("shop: 0.08; stock: 0.01", await AskAsync("calls?service=shop&service=stock"));
        Assert.Equal("shop: 0.25; stock: 0", await AskAsync("errors?service=shop&service=stock"));
        Assert.Equal("stock SELECT: 1; stock reserve: 0", await AskAsync("errors?service=stock&groupByOperation=true&spanKind=server&spanKind=client"));
        Assert.Equal("shop GET /cart: 134.217728", await AskAsync("latencies?service=shop&groupByOperation=true&quantile=1"));

        async Task<string> AskAsync(string query)
        {
            var family = JsonElement.Parse(await client.GetStringAsync(new Uri(server.Ui.Address, $"/api/metrics/{query}{Times}")));
            JsonShape.AssertMatches(JsonShape.JaegerMetricFamily, family);
            return Text(family);
        }
    }

    // Labels and values of all series.
    static string Text(JsonElement family) => string.Join("; ", family.GetProperty("metrics").EnumerateArray().Select(metric =>
        string.Join(' ', metric.GetProperty("labels").EnumerateArray().Select(label => label.GetProperty("value").GetString())) + ": "
        + string.Join(' ', metric.GetProperty("metricPoints").EnumerateArray().Select(point => point.GetProperty("gaugeValue").GetProperty("doubleValue").ToString()))));
}
