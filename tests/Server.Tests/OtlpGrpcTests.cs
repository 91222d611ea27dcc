using System.Net;
using Clew.Model;
using Clew.Otlp;

namespace Clew.Server.Tests;

public sealed class OtlpGrpcTests
{
    [Fact]
    public async Task A_span_is_acknowledged_with_an_empty_message_and_a_status_in_the_trailers()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var answer = await ExportAsync(server, GrpcCall.Frame(Otlp.OneSpan));
        Assert.Equal(HttpStatusCode.OK, answer.HttpStatus);
        Assert.False(answer.IsTrailersOnly);
        Assert.Equal(0, answer.Status);
        Assert.Empty(answer.Payload);
        Assert.Equal("application/grpc", answer.ContentType);
        Assert.Equal(1, server.Store.Statistics.SpanCount);
    }

    [Fact]
    public async Task The_content_type_is_echoed_with_its_subtype()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var answer = await ExportAsync(server, GrpcCall.Frame(Otlp.OneSpan), ("content-type", "application/grpc+proto"));
        Assert.Equal((0, "application/grpc+proto"), (answer.Status, answer.ContentType));
    }

    [Fact]
    public async Task An_empty_message_is_a_request_without_spans()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var answer = await ExportAsync(server, GrpcCall.Frame([]));
        Assert.Equal(0, answer.Status);
        Assert.Equal(0, server.Store.Statistics.SpanCount);
    }

    [Fact]
    public async Task A_gzip_message_is_read()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var answer = await ExportAsync(server, GrpcCall.Frame(Compressed.Gzip(Otlp.OneSpan), isCompressed: true), ("grpc-encoding", "gzip"));
        Assert.Equal(0, answer.Status);
        Assert.Equal(1, server.Store.Statistics.SpanCount);
    }

    [Fact]
    public async Task A_zstd_message_is_read_where_libzstd_is_and_declined_where_it_is_not()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var answer = await ExportAsync(server, GrpcCall.Frame(Compressed.Zstd(Otlp.OneSpan), isCompressed: true), ("grpc-encoding", "zstd"));
        Assert.Equal(Decompression.IsZstdAvailable ? 0 : 12, answer.Status);
    }

    [Fact]
    public async Task A_message_may_stay_uncompressed_although_an_encoding_was_announced()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var answer = await ExportAsync(server, GrpcCall.Frame(Otlp.OneSpan), ("grpc-encoding", "gzip"));
        Assert.Equal(0, answer.Status);
    }

    [Fact]
    public async Task A_span_with_a_bad_id_is_rejected_alone()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var request = Otlp.Request("shop", Otlp.Span("00000000000000aa"), Otlp.Span("0000000000000000"), Otlp.Span("00000000000000bb", traceId: "01"));
        var answer = await ExportAsync(server, GrpcCall.Frame(request));
        Assert.Equal(0, answer.Status);
        var partial = Otlp.Parse((byte[])Otlp.Parse(answer.Payload)[1]);
        Assert.Equal(2UL, partial[1]);
        Assert.StartsWith("2 of 3 spans were rejected, the rest is stored. The first: ", Otlp.TextOf(partial[2]), StringComparison.Ordinal);
        Assert.Equal(1, server.Store.Statistics.SpanCount);
        Assert.Equal(1, await server.MetricAsync("clew_rejected_spans_total{reason=\"span_id\"}"));
        Assert.Equal(1, await server.MetricAsync("clew_rejected_spans_total{reason=\"trace_id\"}"));
        Assert.Equal(3, await server.MetricAsync("clew_received_spans_total{protocol=\"grpc\",encoding=\"protobuf\"}"));
    }

    public static TheoryData<string, byte[], string, int, string> Refusals => new()
    {
        { "garbage", GrpcCall.Frame([0xFF, 0xFF, 0xFF]), "", 3, "at byte 0" },
        { "an overrunning length", GrpcCall.Frame([0x0A, 0x64, 0x01]), "", 3, "resource_spans[0]" },
        { "no header", [0, 0], "", 13, "cut off" },
        { "no body", [], "", 13, "cut off" },
        { "a message cut off", GrpcCall.Frame(Otlp.OneSpan)[..^1], "", 13, "declares" },
        { "two messages", [.. GrpcCall.Frame(Otlp.OneSpan), .. GrpcCall.Frame(Otlp.OneSpan)], "", 13, "exactly one message" },
        { "a bad flag", [7, 0, 0, 0, 0], "", 13, "flag is 7" },
        { "compressed without saying how", GrpcCall.Frame(Compressed.Gzip(Otlp.OneSpan), isCompressed: true), "", 13, "no grpc-encoding" },
        { "gzip that is none", GrpcCall.Frame([1, 2, 3], isCompressed: true), "grpc-encoding: gzip", 3, "not valid gzip" },
        { "an unknown encoding", GrpcCall.Frame(Otlp.OneSpan), "grpc-encoding: lzma", 12, "'lzma' is not supported" },
        { "an odd timeout", GrpcCall.Frame(Otlp.OneSpan), "grpc-timeout: soon", 13, "grpc-timeout 'soon'" },
        { "a deadline in the past", GrpcCall.Frame(Otlp.OneSpan), "grpc-timeout: 0n", 4, "deadline" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_bad_request_is_refused_for_good(string what, byte[] body, string header, int status, string message)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var answer = await ExportAsync(server, body, header.Length == 0 ? [] : [(header.Split(": ")[0], header.Split(": ")[1])]);
        Assert.True(answer.IsTrailersOnly, what);
        Assert.Equal(HttpStatusCode.OK, answer.HttpStatus);
        Assert.Equal(status, answer.Status);
        Assert.Contains(message, answer.Message, StringComparison.Ordinal);
        Assert.Null(answer.RetrySeconds);
        Assert.Empty(answer.Body);
        Assert.Equal(0, server.Store.Statistics.SpanCount);
        Assert.Equal(1, await server.MetricAsync($"clew_received_requests_total{{protocol=\"grpc\",code=\"{status}\"}}"));
    }

    [Fact]
    public async Task An_unsupported_encoding_is_answered_with_those_that_are()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var answer = await ExportAsync(server, GrpcCall.Frame(Otlp.OneSpan), ("grpc-encoding", "br"));
        Assert.StartsWith("identity,gzip", answer.Headers["grpc-accept-encoding"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_beyond_the_limit_is_refused_for_good(bool isBomb)
    {
        await using var server = await ServerUnderTest.StartAsync(new LimitsOptions { RequestBytesMax = 10_000 });
        var message = isBomb ? Compressed.Bomb(1 << 20) : new byte[10_001];
        Assert.True(!isBomb || message.Length < 10_000);
        var answer = await ExportAsync(server, GrpcCall.Frame(message, isBomb), ("grpc-encoding", "gzip"));
        Assert.Equal(8, answer.Status);
        Assert.Null(answer.RetrySeconds);
        Assert.Contains("limits.request_bytes_max", answer.Message, StringComparison.Ordinal);
        Assert.Equal(1, await server.MetricAsync("clew_refused_requests_total{reason=\"too_large\"}"));
    }

    public static TheoryData<AppendOutcome, int, string> StoreRefusals => new()
    {
        { AppendOutcome.Overloaded, 14, "store_overloaded" }, { AppendOutcome.Full, 8, "disk_full" }, { AppendOutcome.Closing, 14, "closing" },
    };

    [Theory]
    [MemberData(nameof(StoreRefusals))]
    public async Task What_the_store_cannot_take_now_is_refused_with_RetryInfo(AppendOutcome outcome, int status, string reason)
    {
        await using var server = await ServerUnderTest.StartAsync();
        server.Store.Result = new AppendResult(outcome, TimeSpan.FromSeconds(2.5), "The disk is 100 % full, ä.");
        var answer = await ExportAsync(server, GrpcCall.Frame(Otlp.OneSpan));
        Assert.Equal(status, answer.Status);
        Assert.Equal("The disk is 100 % full, ä.", answer.Message);
        Assert.Equal(2.5, answer.RetrySeconds);
        Assert.Equal(1, await server.MetricAsync($"clew_refused_requests_total{{reason=\"{reason}\"}}"));
    }

    [Fact]
    public async Task A_failed_disk_is_unavailable_with_RetryInfo_since_nothing_was_acknowledged()
    {
        await using var server = await ServerUnderTest.StartAsync();
        server.Store.AppendFailure = new IOException("segment-7: input/output error");
        var answer = await ExportAsync(server, GrpcCall.Frame(Otlp.OneSpan));
        Assert.Equal((14, 1.0), (answer.Status, answer.RetrySeconds));
        Assert.Equal("The disk failed, this request is not acknowledged: segment-7: input/output error", answer.Message);
    }

    [Theory]
    [InlineData("/opentelemetry.proto.collector.logs.v1.LogsService/Export", "Clew takes traces; logs belong elsewhere. Set OTEL_LOGS_EXPORTER=none, or give them an endpoint of their own.")]
    [InlineData("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", "Clew takes traces; metrics belong elsewhere. Set OTEL_METRICS_EXPORTER=none, or give them an endpoint of their own.")]
    [InlineData("/a.b.C/D", "There is no method /a.b.C/D here; spans go to /opentelemetry.proto.collector.trace.v1.TraceService/Export.")]
    public async Task A_method_that_is_not_here_is_unimplemented(string method, string message)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var answer = await GrpcCall.SendAsync(server.Client, server.Grpc, method, GrpcCall.Frame([]));
        Assert.Equal((12, message), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task A_content_type_other_than_grpc_is_415()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var answer = await ExportAsync(server, Otlp.OneSpan, ("content-type", "application/x-protobuf"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.HttpStatus);
        Assert.Contains($"{server.Http}v1/traces", System.Text.Encoding.UTF8.GetString(answer.Body), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("opentelemetry.proto.collector.trace.v1.TraceService", 0)]
    [InlineData("no.such.Service", 5)]
    public async Task The_health_service_answers_for_the_services_that_are_here(string service, int status)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var message = service.Length == 0 ? [] : Otlp.Text(1, service);
        var answer = await GrpcCall.SendAsync(server.Client, server.Grpc, "/grpc.health.v1.Health/Check", GrpcCall.Frame(message));
        Assert.Equal(status, answer.Status);
        if (status == 0)
            Assert.Equal([0x08, 1], answer.Payload);
    }

    [Fact]
    public async Task The_health_service_says_not_serving_while_the_store_refuses()
    {
        await using var server = await ServerUnderTest.StartAsync();
        server.Store.Trouble = "full";
        var answer = await GrpcCall.SendAsync(server.Client, server.Grpc, "/grpc.health.v1.Health/Check", GrpcCall.Frame([]));
        Assert.Equal([0x08, 2], answer.Payload);
    }

    [Fact]
    public async Task Many_calls_share_one_connection()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => ExportAsync(server, GrpcCall.Frame(Otlp.OneSpan))));
        Assert.All(answers, answer => Assert.Equal(0, answer.Status));
        Assert.Equal(200, server.Store.Statistics.SpanCount);
    }

    [Fact]
    public async Task A_request_of_several_megabytes_arrives_whole()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var spans = Enumerable.Range(1, 40_000).Select(id => Otlp.Span($"{id:x16}", name: $"operation {id % 100}")).ToArray();
        var answer = await ExportAsync(server, GrpcCall.Frame(Otlp.Request("shop", spans)));
        Assert.Equal(0, answer.Status);
        Assert.Equal(40_000, server.Store.Statistics.SpanCount);
        Assert.Equal(0, await server.MetricAsync("clew_in_flight_bytes"));
    }

    static Task<GrpcCall.Answer> ExportAsync(ServerUnderTest server, byte[] body, params (string, string)[] headers) =>
        GrpcCall.SendAsync(server.Client, server.Grpc, Otlp.ExportMethod, body, headers);
}
