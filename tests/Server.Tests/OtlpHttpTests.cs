using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Clew.Model;
using Clew.Otlp;

namespace Clew.Server.Tests;

public sealed class OtlpHttpTests
{
    const string Protobuf = "application/x-protobuf", Json = "application/json";

    [Theory]
    [InlineData("application/x-protobuf")]
    [InlineData("Application/X-Protobuf; charset=utf-8")]
    public async Task A_protobuf_request_is_acknowledged_with_an_empty_protobuf_body(string contentType)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var answer = await PostAsync(server, Otlp.OneSpan, contentType);
        Assert.Equal((HttpStatusCode.OK, Protobuf, 0), (answer.Status, answer.ContentType, answer.Body.Length));
        Assert.Equal(1, server.Store.Statistics.SpanCount);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json;charset=UTF-8")]
    public async Task A_JSON_request_is_acknowledged_with_an_empty_object(string contentType)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var answer = await PostAsync(server, Encoding.UTF8.GetBytes(Otlp.OneSpanJson), contentType);
        Assert.Equal((HttpStatusCode.OK, Json, "{}"), (answer.Status, answer.ContentType, answer.Text));
        Assert.Equal(1, server.Store.Statistics.SpanCount);
    }

    [Fact]
    public async Task A_JSON_request_that_says_nothing_known_is_warned_and_counted()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var answer = await PostAsync(server, Encoding.UTF8.GetBytes("""{"resource_spans":[{"scope_spans":[]}]}"""), Json);
        Assert.Equal(
            (HttpStatusCode.OK, """{"partialSuccess":{"errorMessage":"The request has no spans: its key 'resource_spans' is not one of OTLP/JSON, which expects 'resourceSpans' (all keys in lowerCamelCase)."}}"""),
            (answer.Status, answer.Text.Replace("\\u0027", "'", StringComparison.Ordinal)));
        Assert.Equal(1, await server.MetricAsync("clew_ignored_requests_total{reason=\"unknown_key\"}"));
    }

    [Theory]
    [InlineData(Protobuf)]
    [InlineData(Json)]
    public async Task An_empty_body_is_a_request_without_spans(string contentType)
    {
        await using var server = await ServerUnderTest.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(server, [], contentType)).Status);
    }

    [Fact]
    public async Task Compressed_bodies_are_read()
    {
        await using var server = await ServerUnderTest.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(server, Compressed.Gzip(Otlp.OneSpan), Protobuf, "gzip")).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(server, Otlp.OneSpan, Protobuf, "identity")).Status);
        var zstd = await PostAsync(server, Compressed.Zstd(Otlp.OneSpan), Protobuf, "zstd");
        Assert.Equal(Decompression.IsZstdAvailable ? HttpStatusCode.OK : HttpStatusCode.UnsupportedMediaType, zstd.Status);
        Assert.Equal(Decompression.IsZstdAvailable ? 3 : 2, server.Store.Statistics.SpanCount);
    }

    [Fact]
    public async Task A_body_without_a_declared_length_is_read()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Http, "/v1/traces")) { Content = new ByteArrayContent(Otlp.OneSpan) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(Protobuf);
        request.Headers.TransferEncodingChunked = true;
        using var answer = await server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(1, server.Store.Statistics.SpanCount);
    }

    [Fact]
    public async Task Rejected_spans_are_a_partial_success_in_protobuf()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var answer = await PostAsync(server, Otlp.Request("shop", Otlp.Span("00000000000000aa"), Otlp.Span("00")), Protobuf);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var partial = Otlp.Parse((byte[])Otlp.Parse(answer.Body)[1]);
        Assert.Equal(1UL, partial[1]);
        Assert.Contains("span_id", Otlp.TextOf(partial[2]), StringComparison.Ordinal);
        Assert.Equal(1, server.Store.Statistics.SpanCount);
    }

    [Fact]
    public async Task Rejected_spans_are_a_partial_success_in_JSON()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var answer = await PostAsync(server, Encoding.UTF8.GetBytes(Otlp.OneSpanJson.Replace("00000000000000aa", "0000000000000000", StringComparison.Ordinal)), Json);
        var partial = JsonElement.Parse(answer.Text).GetProperty("partialSuccess");
        Assert.Equal("1", partial.GetProperty("rejectedSpans").GetString());
        Assert.Contains("spanId", partial.GetProperty("errorMessage").GetString()!, StringComparison.Ordinal);
        Assert.Equal(0, server.Store.Statistics.SpanCount);
    }

    public static TheoryData<string, string, string, string, byte[], int, string> Refusals => new()
    {
        { "POST", "/v1/traces", Protobuf, "", [0x0A, 0x64, 0x01], 400, "resource_spans[0]" },
        { "POST", "/v1/traces", Json, "", "{\"resourceSpans\":[7]}"u8.ToArray(), 400, "resourceSpans[0]" },
        { "POST", "/v1/traces", Json, "", "{"u8.ToArray(), 400, "at byte" },
        { "POST", "/v1/traces", Protobuf, "gzip", [1, 2, 3], 400, "not valid gzip" },
        { "POST", "/v1/traces", "text/plain", "", [], 415, "Content type 'text/plain' is not supported" },
        { "POST", "/v1/traces", "", "", [], 415, "is not supported" },
        { "POST", "/v1/traces", "application/grpc", "", [], 415, "OTLP over gRPC" },
        { "POST", "/v1/traces", Protobuf, "br", [], 415, "Content-Encoding 'br' is not supported" },
        { "POST", "/v1/traces", Json, "gzip, gzip", [], 415, "is not supported" },
        { "GET", "/v1/traces", "", "", [], 405, "GET is not a method of /v1/traces; use POST." },
        { "PUT", "/v1/traces", Protobuf, "", [], 405, "PUT is not a method" },
        { "DELETE", "/v1/traces", "", "", [], 405, "DELETE is not a method" },
        { "POST", "/v1/logs", Protobuf, "", [], 404, "Clew takes traces; logs belong elsewhere" },
        { "POST", "/v1/metrics", Json, "", [], 404, "Clew takes traces; metrics belong elsewhere" },
        { "POST", "/", Protobuf, "", [], 404, "spans go to /v1/traces" },
        { "POST", "/v1/traces/", Json, "", [], 404, "There is nothing at /v1/traces/" },
        { "GET", "/", "", "", [], 404, "spans go to /v1/traces" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_bad_request_is_refused_for_good(string method, string path, string contentType, string coding, byte[] body, int status, string message)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var answer = await SendAsync(server, new HttpMethod(method), path, body, contentType, coding);
        Assert.Equal(status, (int)answer.Status);
        Assert.Equal(contentType == Protobuf ? Protobuf : Json, answer.ContentType);
        Assert.Contains(message, answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Null(answer.RetryAfter);
        Assert.Equal(0, server.Store.Statistics.SpanCount);
        Assert.Equal(1, await server.MetricAsync($"clew_received_requests_total{{protocol=\"http\",code=\"{status}\"}}"));
        if (status == 405)
            Assert.Equal("POST, OPTIONS", answer.Allow);
    }

    [Theory]
    [InlineData(Protobuf)]
    [InlineData(Json)]
    public async Task A_body_beyond_the_limit_is_413(string contentType)
    {
        await using var server = await ServerUnderTest.StartAsync(new LimitsOptions { RequestBytesMax = 10_000 });
        var answer = await PostAsync(server, new byte[10_001], contentType);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Contains("limits.request_bytes_max", answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Null(answer.RetryAfter);
    }

    [Fact]
    public async Task A_body_of_unknown_length_beyond_the_limit_is_413()
    {
        await using var server = await ServerUnderTest.StartAsync(new LimitsOptions { RequestBytesMax = 10_000 });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Http, "/v1/traces")) { Content = new ByteArrayContent(new byte[50_000]) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(Protobuf);
        request.Headers.TransferEncodingChunked = true;
        using var answer = await server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task A_body_that_inflates_beyond_the_limit_is_413_and_costs_no_more_than_the_limit()
    {
        await using var server = await ServerUnderTest.StartAsync(new LimitsOptions { RequestBytesMax = 1 << 20 });
        var bomb = Compressed.Bomb(200 << 20);
        Assert.InRange(bomb.Length, 1, 1 << 20);
        var answer = await PostAsync(server, bomb, Protobuf, "gzip");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Contains("decompressed body", answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(0, await server.MetricAsync("clew_in_flight_bytes"));
    }

    public static TheoryData<AppendOutcome, string> StoreRefusals => new()
    {
        { AppendOutcome.Overloaded, "store_overloaded" }, { AppendOutcome.Full, "disk_full" }, { AppendOutcome.Closing, "closing" },
    };

    [Theory]
    [MemberData(nameof(StoreRefusals))]
    public async Task What_the_store_cannot_take_now_is_503_with_RetryAfter(AppendOutcome outcome, string reason)
    {
        await using var server = await ServerUnderTest.StartAsync();
        server.Store.Result = new AppendResult(outcome, TimeSpan.FromSeconds(2.5), "later");
        var answer = await PostAsync(server, Otlp.OneSpan, Protobuf);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "later", "3"), (answer.Status, answer.ErrorMessage, answer.RetryAfter));
        Assert.Equal(1, await server.MetricAsync($"clew_refused_requests_total{{reason=\"{reason}\"}}"));
    }

    [Fact]
    public async Task A_failed_disk_is_503_which_clients_retry_since_nothing_was_acknowledged()
    {
        await using var server = await ServerUnderTest.StartAsync();
        server.Store.AppendFailure = new IOException("input/output error");
        var answer = await PostAsync(server, Otlp.OneSpan, Protobuf);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "1"), (answer.Status, answer.RetryAfter));
        Assert.Equal("The disk failed, this request is not acknowledged: input/output error", answer.ErrorMessage);
    }

    [Fact]
    public async Task A_bug_is_500_without_a_stack_trace()
    {
        await using var server = await ServerUnderTest.StartAsync();
        server.Store.AppendFailure = new InvalidOperationException("secret detail");
        var answer = await PostAsync(server, Otlp.OneSpan, Protobuf);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.Empty(answer.Body);
        Assert.Contains(server.Log.Lines, line => line.Text.Contains("POST /v1/traces failed", StringComparison.Ordinal));
    }

    static Task<Answer> PostAsync(ServerUnderTest server, byte[] body, string contentType, string coding = "") =>
        SendAsync(server, HttpMethod.Post, "/v1/traces", body, contentType, coding);

    static async Task<Answer> SendAsync(ServerUnderTest server, HttpMethod method, string path, byte[] body, string contentType, string coding)
    {
        using var request = new HttpRequestMessage(method, new Uri(server.Http, path));
        if (method != HttpMethod.Get && method != HttpMethod.Delete)
            request.Content = new ByteArrayContent(body);
        if (contentType.Length > 0)
            request.Content!.Headers.TryAddWithoutValidation("Content-Type", contentType);
        if (coding.Length > 0)
            request.Content!.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        using var answer = await server.Client.SendAsync(request);
        return new Answer(
            answer.StatusCode, answer.Content.Headers.ContentType?.ToString() ?? "", await answer.Content.ReadAsByteArrayAsync(),
            answer.Headers.TryGetValues("Retry-After", out var wait) ? wait.Single() : null, string.Join(", ", answer.Content.Headers.Allow));
    }

    sealed record Answer(HttpStatusCode Status, string ContentType, byte[] Body, string? RetryAfter, string Allow)
    {
        public string Text => Encoding.UTF8.GetString(Body);

        /// <summary>The message of the <c>google.rpc.Status</c> that an error carries.</summary>
        public string ErrorMessage => ContentType == Json ? JsonElement.Parse(Text).GetProperty("message").GetString()! : Otlp.TextOf(Otlp.Parse(Body)[2]);
    }
}
