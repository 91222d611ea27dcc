using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Clew.Server.Tests;

public sealed class WrongPortTests
{
    [Fact]
    public async Task HTTP_on_the_gRPC_port_is_told_the_other_port()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var body = new ByteArrayContent(Otlp.OneSpan);
        body.Headers.ContentType = new("application/x-protobuf");
        using var answer = await server.Client.PostAsync(new Uri(server.Grpc, "/v1/traces"), body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"Send OTLP over HTTP to {server.Http}v1/traces", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await server.MetricAsync("clew_garbage_total{port=\"otlp_grpc\",reason=\"http1\"}"));
    }

    [Fact]
    public async Task A_large_HTTP_body_on_the_gRPC_port_does_not_cost_the_answer()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var body = new ByteArrayContent(new byte[600_000]);
        using var answer = await server.Client.PostAsync(new Uri(server.Grpc, "/v1/traces"), body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("otlp_http")]
    [InlineData("ui")]
    public async Task GRPC_on_an_HTTP_port_gets_a_gRPC_answer_that_names_the_other_port(string port)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var address = port == "ui" ? server.Ui : server.Http;
        var answer = await GrpcCall.SendAsync(server.Client, address, Otlp.ExportMethod, GrpcCall.Frame(Otlp.OneSpan));
        Assert.Equal(12, answer.Status);
        Assert.Equal("application/grpc", answer.ContentType);
        Assert.Contains($"Send OTLP over gRPC to {server.Grpc}", answer.Message, StringComparison.Ordinal);
        Assert.Equal(1, await server.MetricAsync($"clew_garbage_total{{port=\"{port}\",reason=\"http2\"}}"));
    }

    [Fact]
    public async Task An_HTTP2_client_without_a_request_gets_settings_and_a_goaway_that_says_why()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var answer = await ServerUnderTest.SendRawAsync(server.Http, [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0]);
        byte[] settingsAndItsAcknowledgement = [0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0];
        Assert.Equal(settingsAndItsAcknowledgement, answer[..18]);
        Assert.Equal(7, answer[18 + 3]);
        Assert.Contains(server.Grpc.ToString(), Encoding.UTF8.GetString(answer), StringComparison.Ordinal);
    }

    public static TheoryData<string, byte[], string, string> Garbage => new()
    {
        { "otlp_grpc", [0x16, 0x03, 0x01, 0x02, 0x00, 0x01], "tls", "" },
        { "otlp_grpc", [0, 1, 2, 3, 4, 5, 6, 7], "unknown_protocol", "" },
        { "otlp_grpc", "PRI * HTTP/2.1\r\n\r\nSM\r\n\r\n"u8.ToArray(), "http1", "HTTP/1.1 400" },
        { "otlp_http", [0x16, 0x03, 0x01, 0x02, 0x00, 0x01], "tls", "" },
        { "otlp_http", [0xDE, 0xAD, 0xBE, 0xEF], "unknown_protocol", "HTTP/1.1 400" },
        { "otlp_http", "hello there\r\n\r\n"u8.ToArray(), "unknown_protocol", "HTTP/1.1 400" },
        { "otlp_http", "GET / NONSENSE\r\n\r\n"u8.ToArray(), "bad_request", "HTTP/1.1 505" },
        { "ui", [0xDE, 0xAD, 0xBE, 0xEF], "unknown_protocol", "HTTP/1.1 400" },
        { "ui", "GET"u8.ToArray(), "unknown_protocol", "HTTP/1.1 400" },
    };

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Garbage_is_answered_or_closed_and_counted(string port, byte[] bytes, string reason, string start)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var address = port switch { "ui" => server.Ui, "otlp_http" => server.Http, _ => server.Grpc };
        var answer = Encoding.ASCII.GetString(await ServerUnderTest.SendRawAsync(address, bytes, isDone: reason != "bad_request"));
        Assert.StartsWith(start, answer, StringComparison.Ordinal);
        Assert.True(start.Length > 0 || answer.Length == 0, answer);
        Assert.Equal(1, await server.MetricAsync($"clew_garbage_total{{port=\"{port}\",reason=\"{reason}\"}}"));
    }

    [Fact]
    public async Task Garbage_after_a_proper_HTTP2_preface_ends_the_connection_and_is_counted()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await ServerUnderTest.SendRawAsync(server.Grpc, [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. new byte[64].Select((_, at) => (byte)(255 - at))], isDone: false);
        Assert.True(await server.MetricAsync("clew_garbage_total{port=\"otlp_grpc\",reason=\"bad_http2\"}") >= 1);
    }

    [Fact]
    public async Task A_flood_of_garbage_leaves_at_most_one_line_a_second_in_the_log_and_the_server_at_work()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var random = new Random(4317);
        var began = Stopwatch.GetTimestamp();
        for (var round = 0; round < 60; round++)
        {
            var bytes = new byte[random.Next(1, 200)];
            random.NextBytes(bytes);
            var address = (round % 3) switch { 0 => server.Ui, 1 => server.Http, _ => server.Grpc };
            await ServerUnderTest.SendRawAsync(address, bytes);
        }

        Assert.InRange(server.Log.Lines.Count(line => line.Level >= LogLevel.Warning), 1, 1 + (int)Math.Ceiling(Stopwatch.GetElapsedTime(began).TotalSeconds));
        var answer = await GrpcCall.SendAsync(server.Client, server.Grpc, Otlp.ExportMethod, GrpcCall.Frame(Otlp.OneSpan));
        Assert.Equal(0, answer.Status);
    }
}
