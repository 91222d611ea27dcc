using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Clew.Server.Tests;

public sealed class OverloadTests
{
    [Fact]
    public async Task More_requests_than_allowed_are_refused_retryably_and_taken_once_there_is_a_turn()
    {
        await using var server = await ServerUnderTest.StartAsync(new LimitsOptions { ConcurrentRequestsMax = 2, RetryAfter = TimeSpan.FromSeconds(1.5) });
        server.Store.Hold();
        var held = new[] { PostAsync(server, Otlp.OneSpan), PostAsync(server, Otlp.OneSpan) };
        await Until.TrueAsync(() => server.Store.WaitingAppends == 2);

        using var refused = await PostAsync(server, Otlp.OneSpan);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("2", refused.Headers.GetValues("Retry-After").Single());
        var call = await GrpcCall.SendAsync(server.Client, server.Grpc, Otlp.ExportMethod, GrpcCall.Frame(Otlp.OneSpan));
        Assert.Equal((14, 1.5), (call.Status, call.RetrySeconds));
        Assert.Contains("limits.concurrent_requests_max", call.Message, StringComparison.Ordinal);
        Assert.Equal(2, await server.MetricAsync("clew_refused_requests_total{reason=\"busy\"}"));

        server.Store.Release();
        foreach (var answer in await Task.WhenAll(held))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var later = await PostAsync(server, Otlp.OneSpan);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task More_bytes_than_allowed_are_refused_retryably_and_taken_once_there_is_room()
    {
        await using var server = await ServerUnderTest.StartAsync(new LimitsOptions { InFlightBytesMax = 300_000 });
        var large = Otlp.Request("shop", Otlp.Span("00000000000000aa", name: new string('n', 80_000)));
        server.Store.Hold();
        var held = PostAsync(server, large);
        await Until.TrueAsync(() => server.Store.WaitingAppends == 1);

        using var refused = await PostAsync(server, large);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        var call = await GrpcCall.SendAsync(server.Client, server.Grpc, Otlp.ExportMethod, GrpcCall.Frame(large));
        Assert.Equal((14, 1.0), (call.Status, call.RetrySeconds));
        Assert.Contains("limits.in_flight_bytes_max", call.Message, StringComparison.Ordinal);

        server.Store.Release();
        Assert.Equal(HttpStatusCode.OK, (await held).StatusCode);
        Assert.Equal(0, await server.MetricAsync("clew_in_flight_bytes"));
        using var later = await PostAsync(server, large);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task Inflating_takes_its_room_before_it_takes_memory()
    {
        await using var server = await ServerUnderTest.StartAsync(new LimitsOptions { InFlightBytesMax = 1 << 20 });
        using var answer = await PostAsync(server, Compressed.Bomb(32 << 20), "gzip");
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal(0, await server.MetricAsync("clew_in_flight_bytes"));
    }

    // An attribute without a key and a value: two bytes on the wire, six times as many in memory.
    static byte[] Dense(int attributeCount) => Otlp.Request(
        "shop", Otlp.Span("00000000000000aa", more: [.. Enumerable.Repeat(Otlp.Field(9), attributeCount)]));

    [Fact]
    public async Task A_dense_request_counts_with_the_memory_that_it_becomes()
    {
        const int AttributeCount = 200_000, AttributeBytes = 13;
        await using var server = await ServerUnderTest.StartAsync();
        server.Store.Hold();
        var held = PostAsync(server, Compressed.Gzip(Dense(AttributeCount)), "gzip");
        await Until.TrueAsync(() => server.Store.WaitingAppends == 1);
        Assert.InRange(await server.MetricAsync("clew_in_flight_bytes"), AttributeCount * AttributeBytes, double.MaxValue);
        server.Store.Release();
        Assert.Equal(HttpStatusCode.OK, (await held).StatusCode);
        Assert.Equal(0, await server.MetricAsync("clew_in_flight_bytes"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_that_becomes_more_than_all_may_have_is_refused_for_good_and_one_that_must_wait_is_not(bool isOtherInFlight)
    {
        await using var server = await ServerUnderTest.StartAsync(new LimitsOptions { InFlightBytesMax = 8 << 20 });
        var other = Task.CompletedTask;
        if (isOtherInFlight)
        {
            server.Store.Hold();
            other = PostAsync(server, Dense(150_000));
            await Until.TrueAsync(() => server.Store.WaitingAppends == 1);
        }

        using var refused = await PostAsync(server, Dense(isOtherInFlight ? 150_000 : 1_000_000));
        Assert.Equal(isOtherInFlight ? HttpStatusCode.TooManyRequests : HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        Assert.Contains("limits.in_flight_bytes_max", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        server.Store.Release();
        await other;
    }

    [Fact]
    public async Task A_sender_that_promises_much_and_sends_little_holds_little()
    {
        await using var server = await ServerUnderTest.StartAsync(new LimitsOptions { InFlightBytesMax = 32 << 20, RequestBytesMax = 16 << 20 });
        using var slow = new TcpClient();
        await slow.ConnectAsync(server.Http.Host, server.Http.Port);
        await slow.GetStream().WriteAsync("POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: 16000000\r\n\r\nabc"u8.ToArray());
        await Until.TrueAsync(async () => await server.MetricAsync("clew_in_flight_requests") > 0);
        Assert.InRange(await server.MetricAsync("clew_in_flight_bytes"), 0, 1 << 20);
        using var other = await PostAsync(server, Otlp.OneSpan);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task A_sender_that_leaves_in_the_middle_leaves_nothing_behind()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using (var gone = new TcpClient())
        {
            await gone.ConnectAsync(server.Http.Host, server.Http.Port);
            await gone.GetStream().WriteAsync("POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: 100000\r\n\r\nabc"u8.ToArray());
            await Until.TrueAsync(async () => await server.MetricAsync("clew_in_flight_requests") > 0);
        }

        await Until.TrueAsync(async () => await server.MetricAsync("clew_in_flight_requests") is 0);
        Assert.Equal(0, await server.MetricAsync("clew_in_flight_bytes"));
        Assert.DoesNotContain(server.Log.Lines, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    [Theory]
    [InlineData("http", "otlp_http")]
    [InlineData("ui", "ui")]
    public async Task A_sender_that_resets_its_connection_is_counted_and_not_taken_for_an_error_of_ours(string address, string port)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var target = address == "ui" ? server.Ui : server.Http;
        var path = address == "ui" ? "/api/transform" : "/v1/traces";
        using (var gone = new Socket(SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) })
        {
            await gone.ConnectAsync(target.Host, target.Port);
            await gone.SendAsync(
                System.Text.Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\nabc"));
            await Until.TrueAsync(async () => await server.MetricAsync("clew_in_flight_requests") > 0);
        }

        await Until.TrueAsync(async () => await server.MetricAsync($"clew_garbage_total{{port=\"{port}\",reason=\"client_gone\"}}") is 1);
        Assert.Empty(server.Log.Lines);
    }

    [Fact]
    public async Task A_gRPC_client_that_is_killed_is_counted_and_not_taken_for_an_error_of_ours()
    {
        await using var server = await ServerUnderTest.StartAsync();
        server.Store.Hold();
        using (var killed = new HttpClient())
        {
            var call = GrpcCall.SendAsync(killed, server.Grpc, Otlp.ExportMethod, GrpcCall.Frame(Otlp.OneSpan));
            await Until.TrueAsync(() => server.Store.WaitingAppends == 1);
            killed.CancelPendingRequests();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }

        await Until.TrueAsync(async () => await server.MetricAsync("clew_garbage_total{port=\"otlp_grpc\",reason=\"client_gone\"}") is 1);
        Assert.Empty(server.Log.Lines);
    }

    [Fact]
    public async Task More_connections_than_allowed_are_closed()
    {
        await using var server = await ServerUnderTest.StartAsync(new LimitsOptions { ConnectionsMax = 2 });
        using var first = new TcpClient();
        using var second = new TcpClient();
        foreach (var client in (TcpClient[])[first, second])
        {
            await client.ConnectAsync(server.Http.Host, server.Http.Port);
            await client.GetStream().WriteAsync("POST"u8.ToArray());
        }

        Assert.Empty(await ServerUnderTest.SendRawAsync(server.Http, "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"u8.ToArray()));
    }

    [Fact]
    public async Task Half_a_preface_is_closed_after_the_header_timeout()
    {
        await using var server = await ServerUnderTest.StartAsync(new LimitsOptions { HeaderTimeout = TimeSpan.FromSeconds(1) });
        using var slow = new TcpClient();
        await slow.ConnectAsync(server.Grpc.Host, server.Grpc.Port);
        await slow.GetStream().WriteAsync("PRI * HT"u8.ToArray());
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        Assert.Equal(0, await slow.GetStream().ReadAsync(new byte[1], deadline.Token));
    }

    [Fact]
    public async Task Connections_that_say_nothing_do_not_delay_a_stop()
    {
        var server = await ServerUnderTest.StartAsync();
        var silent = new List<TcpClient>();
        foreach (var address in (Uri[])[server.Grpc, server.Http, server.Ui])
        {
            var client = new TcpClient();
            await client.ConnectAsync(address.Host, address.Port);
            silent.Add(client);
        }

        // A kept-alive connection too.
        await server.MetricAsync("clew_stored_spans");
        var began = Stopwatch.GetTimestamp();
        await server.DisposeAsync();
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(2), $"{Stopwatch.GetElapsedTime(began)}");
        silent.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Many_senders_at_once_are_all_answered_and_what_was_acknowledged_is_stored()
    {
        await using var server = await ServerUnderTest.StartAsync(new LimitsOptions { ConcurrentRequestsMax = 8, InFlightBytesMax = 60_000 });
        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(async _ =>
        {
            using var answer = await PostAsync(server, Otlp.Request("shop", Otlp.Span("00000000000000aa", name: new string('n', 5_000))));
            return answer.StatusCode;
        }));
        Assert.All(answers, status => Assert.True(status is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, $"{status}"));
        Assert.Equal(answers.Count(status => status == HttpStatusCode.OK), server.Store.Statistics.SpanCount);
        Assert.Equal(0, await server.MetricAsync("clew_in_flight_bytes"));
        Assert.Equal(0, await server.MetricAsync("clew_in_flight_requests"));
    }

    static async Task<HttpResponseMessage> PostAsync(ServerUnderTest server, byte[] body, string coding = "")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/x-protobuf");
        if (coding.Length > 0)
            content.Headers.ContentEncoding.Add(coding);
        return await server.Client.PostAsync(new Uri(server.Http, "/v1/traces"), content);
    }
}
