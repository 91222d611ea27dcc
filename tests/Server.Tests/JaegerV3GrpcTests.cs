using System.Net;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Jaeger.Proto.V3;
using OpenTelemetry.Proto.Trace.V1;
using TraceId = Clew.Model.TraceId;

namespace Clew.Server.Tests;

/// <summary>The query service over gRPC, read by what protoc generated from the published messages.</summary>
public sealed class JaegerV3GrpcTests
{
    static readonly Timestamp Day = Timestamp.FromDateTimeOffset(new DateTimeOffset(2023, 11, 14, 0, 0, 0, TimeSpan.Zero));
    static readonly Timestamp NextDay = Timestamp.FromDateTimeOffset(new DateTimeOffset(2023, 11, 15, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Services_and_operations_are_unary()
    {
        await using var server = await JaegerV3Sample.StartAsync();
        var services = await CallAsync(server, "GetServices", new GetServicesRequest());
        Assert.Equal(["a/b c%", "shop", "stock"], GetServicesResponse.Parser.ParseFrom(services.Payload).Services);
        Assert.Equal(("application/grpc", "0"), (services.ContentType, services.Trailers["grpc-status"]));

        var operations = await CallAsync(server, "GetOperations", new GetOperationsRequest { Service = "shop" });
        Assert.Equal(
            ["GET /cart internal", "GET /cart server"],
            GetOperationsResponse.Parser.ParseFrom(operations.Payload).Operations.Select(operation => $"{operation.Name} {operation.SpanKind}"));
        var ofKind = await CallAsync(server, "GetOperations", new GetOperationsRequest { Service = "shop", SpanKind = "server" });
        Assert.Single(GetOperationsResponse.Parser.ParseFrom(ofKind.Payload).Operations);
    }

    [Fact]
    public async Task Spans_without_a_name_go_by_the_stand_in_and_are_found_by_it()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.Store.AppendAsync(JaegerV3Sample.Unnamed, default);
        var operations = await CallAsync(server, "GetOperations", new GetOperationsRequest { Service = "shop" });
        Assert.Equal(["empty-span-name", "tick"], GetOperationsResponse.Parser.ParseFrom(operations.Payload).Operations.Select(operation => operation.Name));
        var query = new TraceQueryParameters { OperationName = "empty-span-name", StartTimeMin = Day, StartTimeMax = NextDay };
        Assert.Equal(["empty-span-name", "empty-span-name"], SpansOf(await CallAsync(server, "FindTraces", Find(query))).Select(span => span.Name));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("0000000000000001")]
    [InlineData("00000000000000000000000000000001")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAQ")]
    public async Task A_trace_is_a_stream_of_TracesData(string id)
    {
        await using var server = await JaegerV3Sample.StartAsync();
        var answer = await CallAsync(server, "GetTrace", new GetTraceRequest { TraceId = id, StartTime = Day, EndTime = NextDay });
        Assert.Equal(0, answer.Status);
        var spans = SpansOf(answer);
        Assert.Equal(["GET /cart", "reserve"], spans.Select(span => span.Name));
        Assert.Equal(JaegerV3Sample.One.ToString(), Convert.ToHexStringLower(spans[0].TraceId.Span));
        Assert.Equal((Status.Types.StatusCode.Error, "sold out"), (spans[1].Status.Code, spans[1].Status.Message));
        Assert.Equal("retry", spans[1].Events.Single().Name);
        Assert.Equal(JaegerV3Sample.Start + 2_000_000, spans[1].StartTimeUnixNano);
    }

    [Fact]
    public async Task A_raw_trace_has_what_was_sent_twice_twice()
    {
        await using var server = await JaegerV3Sample.StartAsync();
        Assert.Equal(3, SpansOf(await CallAsync(server, "GetTrace", new GetTraceRequest { TraceId = "1", RawTraces = true })).Count);
    }

    public static TheoryData<string, TraceQueryParameters, string> Searches => new()
    {
        { "everything", new TraceQueryParameters(), "31 21 22 11 12" },
        { "service", new TraceQueryParameters { ServiceName = "shop" }, "21 22 11 12" },
        { "operation", new TraceQueryParameters { OperationName = "tick" }, "31" },
        { "depth", new TraceQueryParameters { SearchDepth = 1 }, "31" },
        { "shortest", new TraceQueryParameters { DurationMin = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(500)) }, "21 22" },
        { "longest", new TraceQueryParameters { DurationMax = new Duration { Nanos = 1 } }, "31" },
        { "attributes", new TraceQueryParameters { Attributes = { ["error"] = "true", ["attempt"] = "2" } }, "11 12" },
        { "fields", new TraceQueryParameters { Attributes = { ["event"] = "retry", ["otel.status_description"] = "sold out" } }, "11 12" },
        { "raw", new TraceQueryParameters { ServiceName = "stock", RawTraces = true }, "11 12 12" },
        { "times", new TraceQueryParameters { StartTimeMin = At(10, 0), StartTimeMax = At(10, 999_999_999) }, "21 22" },
        { "to the nanosecond", new TraceQueryParameters { StartTimeMin = At(0, 2_000_000), StartTimeMax = At(0, 2_000_001) }, "11 12" },
        { "long ago", new TraceQueryParameters { StartTimeMin = new Timestamp { Seconds = -1 }, StartTimeMax = new Timestamp { Seconds = 253_402_300_799 } }, "31 21 22 11 12" },
    };

    [Theory]
    [MemberData(nameof(Searches))]
    public async Task A_search_streams_whole_traces(string what, TraceQueryParameters query, string expected)
    {
        await using var server = await JaegerV3Sample.StartAsync();
        query = query.Clone();
        query.StartTimeMin ??= Day;
        query.StartTimeMax ??= NextDay;
        var answer = await CallAsync(server, "FindTraces", new FindTracesRequest { Query = query });
        Assert.True(answer.Status == 0, what);
        Assert.Equal(expected, string.Join(' ', SpansOf(answer).Select(span => Convert.ToHexStringLower(span.SpanId.Span)[^2..])));
        Assert.All(answer.Payloads, message => Assert.Single(SpansOf(message).Select(span => span.TraceId).Distinct()));
    }

    [Theory]
    [InlineData("FindTraces")]
    [InlineData("FindTraceSummaries")]
    public async Task A_search_that_finds_nothing_is_an_empty_stream_and_no_error(string method)
    {
        await using var server = await JaegerV3Sample.StartAsync();
        var answer = await CallAsync(server, method, new FindTracesRequest { Query = new TraceQueryParameters { ServiceName = "none", StartTimeMin = Day, StartTimeMax = NextDay } });
        Assert.Equal((0, ""), (answer.Status, answer.Message));
        Assert.Empty(answer.Body);
    }

    [Fact]
    public async Task Summaries_count_spans_errors_and_orphans()
    {
        await using var server = await JaegerV3Sample.StartAsync();
        var answer = await CallAsync(server, "FindTraceSummaries", new FindTraceSummariesRequest { Query = new TraceQueryParameters { StartTimeMin = Day, StartTimeMax = NextDay } });
        var summaries = answer.Payloads.SelectMany(message => FindTraceSummariesResponse.Parser.ParseFrom(message).Summaries).ToArray();
        Assert.Equal([1, 2, 2], summaries.Select(summary => summary.SpanCount));
        Assert.Equal([1, 0, 0], summaries.Select(summary => summary.OrphanSpanCount));
        Assert.Equal(
            new TraceSummary
            {
                TraceId = JaegerV3Sample.One.ToString(), RootServiceName = "shop", RootOperationName = "GET /cart", MinStartTimeUnixNano = JaegerV3Sample.Start,
                MaxEndTimeUnixNano = JaegerV3Sample.Start + 9_000_000, SpanCount = 2, ErrorSpanCount = 1,
                Services = { new ServiceSummary { Name = "shop", SpanCount = 1 }, new ServiceSummary { Name = "stock", SpanCount = 1, ErrorSpanCount = 1 } },
            },
            summaries[2]);
    }

    [Fact]
    public async Task Dependencies_are_counted_between_two_times()
    {
        await using var server = await JaegerV3Sample.StartAsync();
        var answer = await CallAsync(server, "GetDependencies", new GetDependenciesRequest { StartTime = Day, EndTime = NextDay });
        Assert.Equal([new Dependency { Parent = "shop", Child = "stock", CallCount = 1 }], DependenciesResponse.Parser.ParseFrom(answer.Payload).Dependencies);
    }

    public static TheoryData<string, IMessage, int, string> Mistakes => new()
    {
        { "GetTrace", new GetTraceRequest(), 3, "malformed trace_id" },
        { "GetTrace", new GetTraceRequest { TraceId = "xyz" }, 3, "'xyz' is not a trace id" },
        { "GetTrace", new GetTraceRequest { TraceId = "0" }, 5, "trace not found" },
        { "GetTrace", new GetTraceRequest { TraceId = "ff" }, 5, "trace not found" },
        { "GetOperations", new GetOperationsRequest(), 3, "service is required" },
        { "FindTraces", new FindTracesRequest(), 3, "missing query" },
        { "FindTraceSummaries", new FindTraceSummariesRequest(), 3, "missing query" },
        { "FindTraces", Find(new TraceQueryParameters()), 3, "start_time_min and start_time_max are required" },
        { "FindTraces", Find(new TraceQueryParameters { StartTimeMin = Day, StartTimeMax = Day }), 3, "start_time_min must be before start_time_max" },
        { "FindTraces", Find(new TraceQueryParameters { StartTimeMin = NextDay, StartTimeMax = Day }), 3, "start_time_min must be before start_time_max" },
        { "FindTraces", Find(new TraceQueryParameters { StartTimeMin = Day, StartTimeMax = new Timestamp { Nanos = -1 } }), 3, "start_time_max is not a google.protobuf.Timestamp" },
        { "FindTraces", Find(new TraceQueryParameters { StartTimeMin = Day, StartTimeMax = NextDay, DurationMin = new Duration { Seconds = -1 } }), 3, "duration_min is negative" },
        {
            "FindTraces",
            Find(new TraceQueryParameters { StartTimeMin = Day, StartTimeMax = NextDay, DurationMin = new Duration { Seconds = 2 }, DurationMax = new Duration { Seconds = 1 } }), 3,
            "duration_min must not be longer"
        },
        { "FindTraces", Find(new TraceQueryParameters { StartTimeMin = Day, StartTimeMax = NextDay, SearchDepth = -1 }), 3, "search_depth is -1" },
        { "FindTraces", Find(new TraceQueryParameters { StartTimeMin = Day, StartTimeMax = NextDay, SearchDepth = 1501 }), 3, "query.traces_max" },
        { "GetDependencies", new GetDependenciesRequest { EndTime = Day }, 3, "start_time and end_time are required" },
        { "FindLogs", new GetServicesRequest(), 12, "There is no method /jaeger.api_v3.QueryService/FindLogs here" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_has_a_status_that_clients_know_and_a_message_that_says_which_it_is(string method, IMessage request, int status, string message)
    {
        await using var server = await JaegerV3Sample.StartAsync();
        var answer = await CallAsync(server, method, request);
        Assert.True(answer.IsTrailersOnly);
        Assert.Equal((HttpStatusCode.OK, status), (answer.HttpStatus, answer.Status));
        Assert.Contains(message, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_that_is_not_understood_is_refused_and_not_ignored()
    {
        await using var server = await JaegerV3Sample.StartAsync();
        var query = new TraceQueryParameters { StartTimeMin = Day, StartTimeMax = NextDay }.ToByteArray();
        var answer = await SendAsync(server, "FindTraces", GrpcCall.Frame(Otlp.Field(1, query, Otlp.Field(10, Otlp.Text(1, "eq")))));
        Assert.Equal(3, answer.Status);
        Assert.Contains("filter is not supported", answer.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, byte[], string, int> BadFrames => new()
    {
        { "no message", [], "", 13 },
        { "a message cut off", [0, 0, 0, 0, 9, 1], "", 13 },
        { "two messages", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "", 13 },
        { "a length of four gigabytes", [0, 0xFF, 0xFF, 0xFF, 0xFF], "", 13 },
        { "garbage", GrpcCall.Frame([0xFF, 0xFF, 0xFF]), "", 3 },
        { "a query that overruns", GrpcCall.Frame([0x0A, 0x64, 0x01]), "", 3 },
        { "an unknown encoding", GrpcCall.Frame([]), "grpc-encoding: lzma", 12 },
        { "gzip that is none", GrpcCall.Frame([1, 2, 3], isCompressed: true), "grpc-encoding: gzip", 3 },
        { "a bomb", GrpcCall.Frame(Compressed.Bomb(1 << 20), isCompressed: true), "grpc-encoding: gzip", 8 },
        { "a request beyond the limit", GrpcCall.Frame(new byte[70_000]), "", 8 },
        { "a deadline in the past", GrpcCall.Frame([]), "grpc-timeout: 0n", 4 },
        { "an odd timeout", GrpcCall.Frame([]), "grpc-timeout: soon", 13 },
    };

    [Theory]
    [MemberData(nameof(BadFrames))]
    public async Task What_is_no_request_is_refused(string what, byte[] body, string header, int status)
    {
        await using var server = await JaegerV3Sample.StartAsync();
        var answer = await SendAsync(server, "FindTraces", body, header.Length == 0 ? [] : [(header.Split(": ")[0], header.Split(": ")[1])]);
        Assert.True(answer.Status == status, $"{what}: {answer.Status} {answer.Message}");
        Assert.Equal(0, await server.MetricAsync("clew_in_flight_bytes"));
    }

    [Fact]
    public async Task A_compressed_request_is_read()
    {
        await using var server = await JaegerV3Sample.StartAsync();
        var answer = await SendAsync(
            server, "GetTrace", GrpcCall.Frame(Compressed.Gzip(new GetTraceRequest { TraceId = "2" }.ToByteArray()), isCompressed: true), ("grpc-encoding", "gzip"));
        Assert.Equal(2, SpansOf(answer).Count);
    }

    [Fact]
    public async Task A_long_trace_comes_in_messages_that_every_client_takes()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var spans = new Spans();
        for (var id = 1UL; id <= 3_000; id++)
            spans.Span(id, parent: id / 2, start: id * 1_000, end: (id * 1_000) + 500, attributes: [("padding", $"{id}" + new string('x', 5_000))]);
        await server.Store.AppendAsync(spans.Batch, default);
        var answer = await CallAsync(server, "GetTrace", new GetTraceRequest { TraceId = Spans.TraceOne.ToString() });
        Assert.Equal(0, answer.Status);
        Assert.Equal(3_000, SpansOf(answer).Select(span => span.SpanId).Distinct().Count());
        Assert.All(answer.Payloads, message => Assert.InRange(message.Length, 1, 2 << 20));
    }

    [Fact]
    public async Task A_deadline_ends_a_call_that_takes_too_long()
    {
        await using var server = await JaegerV3Sample.StartAsync();
        server.Store.HoldReads();
        var answer = await SendAsync(server, "GetServices", GrpcCall.Frame([]), ("grpc-timeout", "50m"));
        Assert.Equal(4, answer.Status);
    }

    [Fact]
    public async Task A_client_that_goes_ends_its_call()
    {
        await using var server = await JaegerV3Sample.StartAsync(new LimitsOptions { ConcurrentQueriesMax = 1 });
        server.Store.HoldReads();
        using var patience = new CancellationTokenSource();
        var call = GrpcCall.SendAsync(server.Client, server.JaegerGrpc, Path("GetServices"), GrpcCall.Frame([]), patience.Token);
        await Until.TrueAsync(() => server.Store.WaitingReads == 1);
        var busy = await CallAsync(server, "GetTrace", new GetTraceRequest { TraceId = "1" });
        Assert.Equal((14, 1.0), (busy.Status, busy.RetrySeconds));
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Until.TrueAsync(async () => await server.MetricAsync("clew_garbage_total{port=\"jaeger_grpc\",reason=\"client_gone\"}") == 1);
        Assert.Equal(0, (await CallAsync(server, "GetTrace", new GetTraceRequest { TraceId = "1" })).Status);
    }

    [Fact]
    public async Task A_stream_goes_no_faster_than_it_is_read()
    {
        const int TraceCount = 200;
        await using var server = await ServerUnderTest.StartAsync();
        for (var trace = 1UL; trace <= TraceCount; trace++)
        {
            await server.Store.AppendAsync(
                new Spans().Span(1, start: JaegerV3Sample.Start, end: JaegerV3Sample.Start + trace, trace: new TraceId(0, trace), attributes: [("padding", new string('x', 500_000))]).Batch, default);
        }

        var query = new TraceQueryParameters { StartTimeMin = Day, StartTimeMax = NextDay, SearchDepth = TraceCount };
        using (var response = await GrpcCall.BeginAsync(server.Client, server.JaegerGrpc, Path("FindTraces"), GrpcCall.Frame(Find(query).ToByteArray())))
        {
            await using var body = await response.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[600_000]);
            Assert.InRange(server.Store.TraceLookUpCount, 1, TraceCount / 2);
        }

        await Until.TrueAsync(async () => await server.MetricAsync("clew_garbage_total{port=\"jaeger_grpc\",reason=\"client_gone\"}") == 1);
        Assert.InRange(server.Store.TraceLookUpCount, 1, TraceCount / 2);
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_is_INTERNAL_without_its_insides()
    {
        await using var server = await JaegerV3Sample.StartAsync();
        server.Store.ReadFailure = new IOException("secret path");
        var answer = await CallAsync(server, "GetServices", new GetServicesRequest());
        Assert.Equal(13, answer.Status);
        Assert.DoesNotContain("secret", answer.Message, StringComparison.Ordinal);
        Assert.Contains(server.Log.Lines, line => line.Text.Contains("/jaeger.api_v3.QueryService/GetServices failed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("jaeger.api_v3.QueryService", 0)]
    [InlineData("opentelemetry.proto.collector.trace.v1.TraceService", 5)]
    public async Task The_health_service_answers_for_this_port(string service, int status)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var message = service.Length == 0 ? [] : Otlp.Text(1, service);
        var answer = await GrpcCall.SendAsync(server.Client, server.JaegerGrpc, "/grpc.health.v1.Health/Check", GrpcCall.Frame(message));
        Assert.Equal(status, answer.Status);
        if (status == 0)
            Assert.Equal([0x08, 1], answer.Payload);
    }

    [Fact]
    public async Task Others_are_told_what_the_port_is_and_where_the_same_is_over_HTTP()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var http1 = await server.Client.GetAsync(new Uri(server.JaegerGrpc, "/api/v3/services"));
        Assert.Equal(HttpStatusCode.BadRequest, http1.StatusCode);
        Assert.Contains($"over HTTP is at {server.Ui}api/v3", await http1.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var spans = await GrpcCall.SendAsync(server.Client, server.JaegerGrpc, Otlp.ExportMethod, GrpcCall.Frame(Otlp.OneSpan));
        Assert.Equal(12, spans.Status);
        Assert.Contains("This port serves jaeger.api_v3.QueryService", spans.Message, StringComparison.Ordinal);
        var onUi = await GrpcCall.SendAsync(server.Client, server.Ui, Path("GetServices"), GrpcCall.Frame([]));
        Assert.Contains($"Jaeger's query API over gRPC is at {server.JaegerGrpc}", onUi.Message, StringComparison.Ordinal);
    }

    static FindTracesRequest Find(TraceQueryParameters query) => new() { Query = query };

    static Timestamp At(long second, int nano) => new() { Seconds = ((long)JaegerV3Sample.Start / 1_000_000_000) + second, Nanos = nano };

    static string Path(string method) => "/jaeger.api_v3.QueryService/" + method;

    static Task<GrpcCall.Answer> CallAsync(ServerUnderTest server, string method, IMessage request) => SendAsync(server, method, GrpcCall.Frame(request.ToByteArray()));

    static Task<GrpcCall.Answer> SendAsync(ServerUnderTest server, string method, byte[] body, params (string, string)[] headers) =>
        GrpcCall.SendAsync(server.Client, server.JaegerGrpc, Path(method), body, headers);

    static List<Span> SpansOf(GrpcCall.Answer answer) => [.. answer.Payloads.SelectMany(SpansOf)];

    static IEnumerable<Span> SpansOf(byte[] message) =>
        TracesData.Parser.ParseFrom(message).ResourceSpans.SelectMany(resource => resource.ScopeSpans).SelectMany(scope => scope.Spans);
}
