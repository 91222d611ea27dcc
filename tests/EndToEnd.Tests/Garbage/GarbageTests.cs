using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Clew.EndToEnd.Tests.Kill;
using Clew.EndToEnd.Tests.Processes;
using Clew.EndToEnd.Tests.Wire;

namespace Clew.EndToEnd.Tests.Garbage;

/// <summary>Strangers at every port of the real process. After each of them the server works as before, and has not filled anyone's log.</summary>
public sealed class GarbageTests : IAsyncLifetime
{
    static readonly TimeSpan HangUpLimit = TimeSpan.FromSeconds(15);
    static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(2);
    readonly TemporaryFolder _folder = new();
    readonly Stopwatch _watch = Stopwatch.StartNew();
    ClewProcess _clew = null!;

    Uri[] Ports => [_clew.OtlpGrpc, _clew.OtlpHttp, _clew.Ui, _clew.Zipkin];

    public async Task InitializeAsync() => _clew = await ClewProcess.StartAsync(_folder.Path, $"limits.header_timeout={HeaderTimeout.TotalSeconds}s");

    public async Task DisposeAsync()
    {
        await _clew.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Random_bytes_are_hung_up_on_or_answered_at_every_port()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        foreach (var port in Ports)
        {
            for (var attempt = 0; attempt < 40; attempt++)
            {
                var bytes = new byte[random.Next(1, 5_000)];
                random.NextBytes(bytes);
                using var stranger = await RawConnection.OpenAsync(port);
                await stranger.WriteAsync(bytes);
                stranger.FinishWriting();
                var answer = await stranger.ReadToEndAsync(HangUpLimit);
                Assert.False(answer.Contains("   at ", StringComparison.Ordinal), $"seed {seed}: {port} told a stranger its stack: {answer}");
            }
        }

        await AssertUnharmedAsync();
    }

    [Fact]
    public async Task Valid_beginnings_with_mangled_ends_are_survived_at_every_port()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        string[] beginnings =
        [
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0",
            "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n",
            "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\nTransfer-Encoding: chunked\r\n\r\n",
            "POST /api/v2/spans HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\nTransfer-Encoding: chunked\r\n\r\n",
            "GET /api/traces?service=",
            "GET /api/v2/traces?annotationQuery=",
            "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n",
            "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003",
        ];
        foreach (var port in Ports)
        {
            foreach (var beginning in beginnings)
            {
                for (var attempt = 0; attempt < 6; attempt++)
                {
                    var bytes = new byte[random.Next(0, 300)];
                    random.NextBytes(bytes);
                    using var stranger = await RawConnection.OpenAsync(port);
                    await stranger.WriteAsync(beginning);
                    await stranger.WriteAsync(bytes);
                    stranger.FinishWriting();
                    var answer = await stranger.ReadToEndAsync(HangUpLimit);
                    Assert.False(answer.Contains("   at ", StringComparison.Ordinal), $"seed {seed}: {port} told a stranger its stack: {answer}");
                }
            }
        }

        await AssertUnharmedAsync();
    }

    [Fact]
    public async Task HTTP_at_the_gRPC_port_is_told_the_HTTP_port()
    {
        using var lost = await RawConnection.OpenAsync(_clew.OtlpGrpc);
        await lost.WriteAsync("POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n");

        var answer = await lost.ReadToEndAsync(HangUpLimit);

        Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
        Assert.Contains($"{_clew.OtlpHttp.Port}", answer, StringComparison.Ordinal);
        var metrics = await _clew.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Contains("\nclew_garbage_total{port=\"otlp_grpc\",reason=\"http1\"} 1\n", metrics, StringComparison.Ordinal);
        await AssertUnharmedAsync();
    }

    [Fact]
    public async Task GRPC_content_at_the_HTTP_port_is_told_the_gRPC_port()
    {
        using var client = new HttpClient();
        using var content = new ByteArrayContent([0, 0, 0, 0, 0]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        using var response = await client.PostAsync(new Uri(_clew.OtlpHttp, "/opentelemetry.proto.collector.trace.v1.TraceService/Export"), content);

        Assert.InRange((int)response.StatusCode, 400, 499);
        Assert.Contains($"{_clew.OtlpGrpc.Port}", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await AssertUnharmedAsync();
    }

    [Fact]
    public async Task A_real_gRPC_client_at_the_HTTP_port_is_told_the_gRPC_port_in_its_own_language()
    {
        using var lost = OtlpSender.OverGrpc(_clew.OtlpHttp);

        var result = await lost.SendAsync(new BatchRecipe(1).Make(1)).WaitAsync(HangUpLimit);

        Assert.Equal(SendOutcome.Refused, result.Outcome);
        Assert.Contains($"{_clew.OtlpGrpc.Port}", result.Answer, StringComparison.Ordinal);
        await AssertUnharmedAsync();
    }

    [Fact]
    public async Task A_body_that_claims_to_be_enormous_is_refused_before_it_is_sent()
    {
        using var liar = await RawConnection.OpenAsync(_clew.OtlpHttp);
        await liar.WriteAsync("POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\nContent-Length: 99999999999\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 413", await liar.ReadLineAsync(HangUpLimit), StringComparison.Ordinal);
        await AssertUnharmedAsync();
    }

    [Fact]
    public async Task Connections_that_never_finish_a_request_are_given_up_and_block_nobody_meanwhile()
    {
        var idlers = new List<RawConnection>();
        foreach (var port in Ports)
        {
            for (var count = 0; count < 60; count++)
            {
                var idler = await RawConnection.OpenAsync(port);
                await idler.WriteAsync(port == _clew.OtlpGrpc ? "PRI * HT" : "POST /v1/traces HTTP/1.1\r\nHost: lo");
                idlers.Add(idler);
            }
        }

        // And some that begin a body and do not go on; they have five seconds of grace before they must be quicker than limits.body_bytes_per_second_min.
        for (var count = 0; count < 20; count++)
        {
            var idler = await RawConnection.OpenAsync(_clew.OtlpHttp);
            await idler.WriteAsync("POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\nContent-Length: 500\r\n\r\n\n");
            idlers.Add(idler);
        }

        await AssertUnharmedAsync();
        await Task.WhenAll(idlers.Select(idler => idler.ReadToEndAsync(HeaderTimeout + HangUpLimit)));
        idlers.ForEach(idler => idler.Dispose());
        await AssertUnharmedAsync();
    }

    async Task AssertUnharmedAsync()
    {
        var recipe = new BatchRecipe(Random.Shared.Next());
        using var http = OtlpSender.OverHttp(_clew.OtlpHttp);
        using var grpc = OtlpSender.OverGrpc(_clew.OtlpGrpc);
        await http.DeliverAsync(recipe.Make(0));
        await grpc.DeliverAsync(recipe.Make(10));
        foreach (var batch in new[] { 0, 10 })
        {
            var stored = await Task.WhenAll(recipe.TraceIdsOf(batch).Select(_clew.FindTraceAsync));
            Assert.Equal(OtlpSpan.Describe(recipe.Make(batch)), OtlpSpan.Describe(stored.SelectMany(trace => trace ?? [])));
        }

        using var live = await _clew.Http.GetAsync(new Uri("/health/live", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        // At most one line a second is the promise.
        var lines = _clew.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
        Assert.True(lines <= _watch.Elapsed.TotalSeconds + 1, $"{lines} lines of errors in {_watch.Elapsed.TotalSeconds:0.0} s:\n{_clew.Errors}");
    }
}
