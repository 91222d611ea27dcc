using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Clew.Model;

namespace Clew.Server.Tests;

public sealed class ZipkinReceiverTests
{
    const string OneSpanJson =
        """
        [{"traceId":"00000000000000a1","id":"00000000000000b2","kind":"SERVER","name":"get /","timestamp":1700000000000000,"duration":1431,
        "localEndpoint":{"serviceName":"api"},"tags":{"error":""}}]
        """;

    static readonly byte[] OneSpan = Otlp.Field(
        1,
        Otlp.Field(1, [0, 0, 0, 0, 0, 0, 0, 0xA1]), Otlp.Field(3, [0, 0, 0, 0, 0, 0, 0, 0xB2]), Otlp.Number(4, 2), Otlp.Text(5, "get /"), Otlp.Fixed64(6, 1_700_000_000_000_000),
        Otlp.Number(7, 1_431), Otlp.Field(8, Otlp.Text(1, "api")), Otlp.Field(11, Otlp.Text(1, "error")));

    [Theory]
    [InlineData("application/json", "")]
    [InlineData("application/json; charset=utf-8", "gzip")]
    [InlineData("", "")]
    [InlineData("text/plain", "")]
    [InlineData("application/x-protobuf", "")]
    [InlineData("application/x-protobuf", "gzip")]
    public async Task Spans_are_accepted_with_202_and_nothing_else_and_are_visible_then(string contentType, string coding)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var isProtobuf = contentType.EndsWith("protobuf", StringComparison.Ordinal);
        var body = isProtobuf ? OneSpan : Encoding.UTF8.GetBytes(OneSpanJson);
        using var answer = await PostAsync(server, coding.Length > 0 ? Compressed.Gzip(body) : body, contentType, coding);
        Assert.Equal((HttpStatusCode.Accepted, 0L), (answer.StatusCode, answer.Content.Headers.ContentLength));
        Assert.Null(answer.Content.Headers.ContentType);
        var stored = await server.Store.FindTraceAsync(new TraceId(0, 0xa1), default);
        Assert.Equal(("api", SpanKind.Server, StatusCode.Error, 1_431_000UL), (ServiceName.Of(stored!, 0), stored!.Spans.Kinds[0], stored.Spans.Statuses[0], stored.Spans.DurationNanos(0)));
        Assert.Equal(1, await server.MetricAsync("clew_received_requests_total{protocol=\"zipkin\",code=\"202\"}"));
        Assert.Equal(1, await server.MetricAsync($"clew_received_spans_total{{protocol=\"zipkin\",encoding=\"{(isProtobuf ? "protobuf" : "json")}\"}}"));
    }

    [Theory]
    [InlineData("", HttpStatusCode.Accepted, "")]
    [InlineData("[]", HttpStatusCode.Accepted, "")]
    [InlineData("{}", HttpStatusCode.BadRequest, "The request at byte 0: an object where an array of spans is expected.\n")]
    [InlineData("[{\"tags\":7}]", HttpStatusCode.BadRequest, "[0].tags at byte 9: a number where an object is expected.\n")]
    [InlineData("[{\"tags\":{},}]", HttpStatusCode.BadRequest, "[0].tags at byte 12: The JSON object contains a trailing comma at the end.\n")]
    [InlineData("[{\"id\":\"1\"}]", HttpStatusCode.BadRequest, "1 of 1 spans were rejected, nothing is stored. The first: [0].traceId at byte 1: is missing; expected 16 or 32 hexadecimal digits that are not all zero.\n")]
    [InlineData("[{\"id\":\"1\"},{\"id\":\"1\",\"traceId\":\"1\"}]", HttpStatusCode.Accepted, "1 of 2 spans were rejected, the rest is stored. The first: [0].traceId at byte 1: is missing; expected 16 or 32 hexadecimal digits that are not all zero.\n")]
    public async Task What_is_malformed_is_answered_with_the_field_and_what_to_do(string body, HttpStatusCode status, string text)
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var answer = await PostAsync(server, Encoding.UTF8.GetBytes(body), "application/json");
        Assert.Equal((status, text), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        Assert.Equal(text.Contains("rejected", StringComparison.Ordinal) ? 1 : 0, await server.MetricAsync("clew_rejected_spans_total{reason=\"trace_id\"}"));
    }

    [Fact]
    public async Task Overload_is_refused_in_a_way_that_clients_retry()
    {
        await using var server = await ServerUnderTest.StartAsync(new LimitsOptions { RetryAfter = TimeSpan.FromSeconds(3), RequestBytesMax = 1_024 });
        server.Store.Result = new AppendResult(AppendOutcome.Full, TimeSpan.FromSeconds(7), "The disk is full.");
        using var full = await PostAsync(server, OneSpan, "application/x-protobuf");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 7.0, "The disk is full.\n"), (full.StatusCode, full.Headers.RetryAfter!.Delta!.Value.TotalSeconds, await full.Content.ReadAsStringAsync()));
        using var large = await PostAsync(server, new byte[1_025], "application/json");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        using var bomb = await PostAsync(server, Compressed.Bomb(100_000), "application/json", "gzip");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, bomb.StatusCode);
        using var coding = await PostAsync(server, OneSpan, "application/json", "br");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, coding.StatusCode);
        Assert.Equal(1, await server.MetricAsync("clew_refused_requests_total{reason=\"disk_full\"}"));
        Assert.Equal(0, await server.MetricAsync("clew_in_flight_bytes"));
    }

    [Fact]
    public async Task More_requests_than_may_be_in_flight_are_told_to_come_again()
    {
        await using var server = await ServerUnderTest.StartAsync(new LimitsOptions { ConcurrentRequestsMax = 1 });
        server.Store.Hold();
        var first = PostAsync(server, OneSpan, "application/x-protobuf");
        await Until.TrueAsync(() => server.Store.WaitingAppends > 0);
        using var second = await PostAsync(server, OneSpan, "application/x-protobuf");
        Assert.Equal((HttpStatusCode.TooManyRequests, 1.0), (second.StatusCode, second.Headers.RetryAfter!.Delta!.Value.TotalSeconds));
        server.Store.Release();
        Assert.Equal(HttpStatusCode.Accepted, (await first).StatusCode);
    }

    [Theory]
    [InlineData("POST", "/api/v1/spans", "application/json", HttpStatusCode.NotFound, "Version 1 of Zipkin's API is not spoken here; send spans of version 2 to /api/v2/spans.\n")]
    [InlineData("POST", "/api/v2/spans", "application/x-thrift", HttpStatusCode.UnsupportedMediaType, "Content type 'application/x-thrift' is not supported; use application/json or application/x-protobuf.\n")]
    [InlineData("PUT", "/api/v2/spans", "application/json", HttpStatusCode.MethodNotAllowed, "PUT is not allowed here; use GET, HEAD, POST, OPTIONS.\n")]
    [InlineData("POST", "/api/v2/services", "application/json", HttpStatusCode.MethodNotAllowed, "POST is not allowed here; use GET, HEAD.\n")]
    public async Task What_is_not_spoken_here_is_told_what_is(string method, string path, string contentType, HttpStatusCode status, string text)
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(server.Zipkin, path)) { Content = new ByteArrayContent([]) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        using var answer = await server.Client.SendAsync(request);
        Assert.Equal((status, text), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("http://localhost:8080", HttpStatusCode.Accepted, "http://localhost:8080")]
    [InlineData("https://evil.example", HttpStatusCode.Forbidden, null)]
    public async Task Only_pages_that_may_send_spans_do_so_even_without_a_preflight(string origin, HttpStatusCode status, string? allowed)
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Zipkin, "/api/v2/spans")) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(OneSpanJson)) };
        request.Headers.Add("Origin", origin);
        using var answer = await server.Client.SendAsync(request);
        Assert.Equal((status, allowed), (answer.StatusCode, answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var origins) ? origins.Single() : null));
        using var asking = new HttpRequestMessage(HttpMethod.Options, new Uri(server.Zipkin, "/api/v2/spans"));
        asking.Headers.Add("Origin", origin);
        asking.Headers.Add("Access-Control-Request-Method", "POST");
        using var preflight = await server.Client.SendAsync(asking);
        Assert.Equal(allowed is null ? HttpStatusCode.Forbidden : HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal(allowed is null ? 0 : 1, server.Store.Statistics.SpanCount);
    }

    [Fact]
    public async Task A_gRPC_client_on_the_Zipkin_port_is_told_the_other_port()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var answer = await GrpcCall.SendAsync(server.Client, server.Zipkin, Otlp.ExportMethod, GrpcCall.Frame(Otlp.OneSpan));
        Assert.Equal(12, answer.Status);
        Assert.Contains($"Send OTLP over gRPC to {server.Grpc}", answer.Message, StringComparison.Ordinal);
    }

    static async Task<HttpResponseMessage> PostAsync(ServerUnderTest server, byte[] body, string contentType, string coding = "")
    {
        using var content = new ByteArrayContent(body);
        if (contentType.Length > 0)
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (coding.Length > 0)
            content.Headers.ContentEncoding.Add(coding);
        return await server.Client.PostAsync(new Uri(server.Zipkin, "/api/v2/spans"), content);
    }
}
