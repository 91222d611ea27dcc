using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Clew.EndToEnd.Tests.Processes;
using Clew.EndToEnd.Tests.Wire;

namespace Clew.EndToEnd.Tests.Clients;

/// <summary>Jaeger's query service asked over gRPC by @grpc/grpc-js (tests/clients/jaeger-grpc), against the real server.</summary>
public sealed class JaegerGrpcClientTests : IAsyncLifetime
{
    const long Start = 1_700_000_000_000_000_000;
    const string Times = "\"startTimeMin\":{\"seconds\":\"1699999000\"},\"startTimeMax\":{\"seconds\":\"1700001000\"}";
    const int LargeSpanCount = 30_000;

    static readonly string Small = new('a', 32), Large = new('b', 32);

    readonly TemporaryFolder _folder = new();
    readonly int _port = FreePort();
    ClewProcess _clew = null!;

    public async Task InitializeAsync()
    {
        _clew = await ClewProcess.StartAsync(_folder.Path, $"listen.jaeger_grpc=127.0.0.1:{_port}");
        using var sender = OtlpSender.OverHttp(_clew.OtlpHttp);
        await sender.DeliverAsync(
        [
            Span(Small, 1, "shop", "GET /cart") with { Kind = 2, Attributes = [new("tenant", "acme")] },
            Span(Small, 2, "stock", "reserve") with { Kind = 3, ParentSpanId = $"{1:x16}", StatusCode = 2, StatusMessage = "sold out" },
        ]);
        await sender.DeliverAsync(Enumerable.Range(1, LargeSpanCount).Select(id => Span(Large, id, "batch", $"item {id}") with { Attributes = [new("padding", new string('x', 300))] }));
    }

    public async Task DisposeAsync()
    {
        await _clew.DisposeAsync();
        _folder.Dispose();
    }

    [NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_method_answers_a_real_client(bool compress)
    {
        Assert.Equal("""{"code":0,"details":"","messages":[{"services":["batch","shop","stock"]}]}""", (await AskAsync("GetServices", "{}", compress)).GetRawText());
        Assert.Equal(
            """{"code":0,"details":"","messages":[{"operations":[{"name":"GET /cart","spanKind":"server"}]}]}""",
            (await AskAsync("GetOperations", """{"service":"shop"}""", compress)).GetRawText());

        var trace = await AskAsync("GetTrace", $$"""{"traceId":"{{Small.ToUpperInvariant()}}"}""", compress);
        Assert.Equal(["GET /cart", "reserve"], Names(trace));
        var found = await AskAsync("FindTraces", $$$"""{"query":{"serviceName":"shop","attributes":{"tenant":"acme"},{{{Times}}}}}""", compress);
        Assert.Equal(["GET /cart", "reserve"], Names(found));

        var summaries = await AskAsync("FindTraceSummaries", $$$"""{"query":{"serviceName":"stock",{{{Times}}}}}""", compress);
        var summary = summaries.GetProperty("messages")[0].GetProperty("summaries")[0];
        Assert.Equal((Small, $"{Start}", 2, 1), (
            summary.GetProperty("traceId").GetString(), summary.GetProperty("minStartTimeUnixNano").GetString(), summary.GetProperty("spanCount").GetInt32(),
            summary.GetProperty("errorSpanCount").GetInt32()));
        var dependencies = await AskAsync("GetDependencies", """{"startTime":{"seconds":"1699999000"},"endTime":{"seconds":"1700001000"}}""", compress);
        Assert.Equal("""[{"dependencies":[{"parent":"shop","child":"stock","callCount":"1"}]}]""", dependencies.GetProperty("messages").GetRawText());
    }

    [NodeTheory]
    [InlineData("GetTrace", """{"traceId":"ff"}""", 5, "trace not found")]
    [InlineData("GetTrace", """{"traceId":"nonsense"}""", 3, "'nonsense' is not a trace id")]
    [InlineData("FindTraces", "{}", 3, "missing query")]
    [InlineData("FindTraces", """{"query":{"serviceName":"shop"}}""", 3, "start_time_min and start_time_max are required")]
    [InlineData("FindTraces", "{\"query\":{\"serviceName\":\"none\"," + Times + "}}", 0, "")]
    public async Task A_real_client_sees_status_and_message(string method, string request, int code, string details)
    {
        var answer = await AskAsync(method, request);
        Assert.Equal(code, answer.GetProperty("code").GetInt32());
        Assert.Contains(details, answer.GetProperty("details").GetString()!, StringComparison.Ordinal);
        Assert.Equal(0, answer.GetProperty("messages").GetArrayLength());
    }

    [NodeTheory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task A_long_trace_streams_in_messages_that_a_client_takes_and_can_break_off(int cancelAfter)
    {
        var answer = await AskAsync("GetTrace", $$"""{"traceId":"{{Large}}"}""", cancelAfter: cancelAfter);
        if (cancelAfter == 0)
        {
            Assert.Equal(0, answer.GetProperty("code").GetInt32());
            Assert.Equal(LargeSpanCount, Names(answer).Distinct().Count());
            Assert.InRange(answer.GetProperty("messages").GetArrayLength(), 5, 100);
        }
        else
        {
            Assert.Equal(1, answer.GetProperty("code").GetInt32());
            Assert.InRange(answer.GetProperty("messages").GetArrayLength(), cancelAfter, LargeSpanCount / 1_000);
        }

        Assert.Equal(0, (await AskAsync("GetServices", "{}")).GetProperty("code").GetInt32());
        Assert.Empty(_clew.Errors);
    }

    async Task<JsonElement> AskAsync(string method, string request, bool compress = false, int cancelAfter = 0)
    {
        string[] options = compress ? ["--compress"] : [];
        return JsonElement.Parse(await NodeProgram.RunAsync(
            "jaeger-grpc", "query.mjs", ["--endpoint", $"127.0.0.1:{_port}", "--method", method, "--request", request, "--cancel-after", $"{cancelAfter}", .. options]));
    }

    static IEnumerable<string> Names(JsonElement answer) =>
        from message in answer.GetProperty("messages").EnumerateArray()
        from resource in message.GetProperty("resourceSpans").EnumerateArray()
        from scope in resource.GetProperty("scopeSpans").EnumerateArray()
        from span in scope.GetProperty("spans").EnumerateArray()
        select span.GetProperty("name").GetString();

    static OtlpSpan Span(string traceId, int id, string service, string name) => new()
    {
        TraceId = traceId, SpanId = $"{id:x16}", Name = name, StartNanos = Start + id - 1, EndNanos = Start + id + 1_000_000, Resource = new OtlpResource([new("service.name", service)]),
    };

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
