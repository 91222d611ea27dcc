using System.Net;
using System.Text;
using System.Text.Json;

namespace Clew.Server.Tests;

/// <summary>What Tempo's port says about itself, and to whom.</summary>
public sealed class TempoPortTests
{
    [Theory]
    [InlineData("/api/echo", HttpStatusCode.OK, "echo")]
    [InlineData("/ready", HttpStatusCode.OK, "ready\n")]
    [InlineData("/nothing", HttpStatusCode.NotFound, "404 page not found\n")]
    [InlineData("/api/search/tag/values", HttpStatusCode.NotFound, "404 page not found\n")]
    [InlineData("/api/v2/traces/", HttpStatusCode.NotFound, "404 page not found\n")]
    public async Task Small_questions_have_small_answers(string path, HttpStatusCode status, string text)
    {
        var answer = await TempoSample.GetAsync(path);
        Assert.Equal((status, "text/plain; charset=utf-8", text), (answer.Status, answer.Type, Encoding.UTF8.GetString(answer.Body)));
    }

    [Fact]
    public async Task The_build_says_which_features_there_are()
    {
        var answer = await TempoSample.GetJsonAsync("/api/status/buildinfo");
        JsonShape.AssertMatches("""{"version":"text","revision":"text","branch":"text","buildUser":"text","buildDate":"text","goVersion":"text"}""", answer);
        Assert.True(Version.Parse(answer.GetProperty("version").GetString()!) >= new Version(2, 8, 0));
        Assert.Equal(ClewServer.Version, answer.GetProperty("revision").GetString());
        var (status, _, text) = await TempoSample.GetAsync("/status");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains(ClewServer.Version, Encoding.UTF8.GetString(text), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queries_are_measured_and_metrics_are_the_servers()
    {
        await using var server = await TempoSample.StartAsync();
        await server.GetTempoAsync("/api/search?q={}");
        var (_, type, body) = await server.GetTempoAsync("/metrics", "*/*");
        Assert.StartsWith("text/plain", type, StringComparison.Ordinal);
        Assert.Contains("clew_query_seconds_count{api=\"tempo\",operation=\"search\"} 1", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evil.example", "/api/search?q={}", HttpStatusCode.Forbidden)]
    [InlineData("evil.example", "/ready", HttpStatusCode.OK)]
    [InlineData("evil.example", "/api/echo", HttpStatusCode.Forbidden)]
    [InlineData("evil.example", "/api/status/buildinfo", HttpStatusCode.Forbidden)]
    [InlineData("clew", "/api/echo", HttpStatusCode.OK)]
    [InlineData("clew", "/api/search?q={}", HttpStatusCode.OK)]
    [InlineData("localhost:3200", "/api/search?q={}", HttpStatusCode.OK)]
    public async Task A_name_that_is_not_its_own_gets_no_traces(string host, string path, HttpStatusCode expected)
    {
        await using var server = await TempoSample.StartAsync(change: options => options with { Listen = options.Listen with { AllowedHosts = ["clew"] } });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Tempo, path));
        request.Headers.Host = host;
        using var answer = await server.Client.SendAsync(request);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Only_questions_are_taken()
    {
        await using var server = await TempoSample.StartAsync();
        using var answer = await server.Client.PostAsync(new Uri(server.Tempo, "/api/search"), new StringContent("q={}"));
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "GET, HEAD"), (answer.StatusCode, string.Join(", ", answer.Content.Headers.Allow)));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-protobuf")]
    [InlineData("application/grpc-web")]
    public async Task A_method_of_gRPC_is_not_called_in_another_way(string type)
    {
        await using var server = await TempoSample.StartAsync();
        using var content = new ByteArrayContent([]);
        content.Headers.ContentType = new(type);
        using var answer = await server.Client.PostAsync(new Uri(server.Tempo, "/tempopb.StreamingQuerier/Search"), content);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Contains("content type application/grpc", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await server.MetricAsync("clew_garbage_total{port=\"tempo\",reason=\"not_grpc\"}"));
    }

    [Fact]
    public async Task The_api_is_answered_over_HTTP_2_as_well()
    {
        await using var server = await TempoSample.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Tempo, "/api/search?q={}"))
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var answer = await server.Client.SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (answer.StatusCode, answer.Version));
        Assert.Equal(3, JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("traces").GetArrayLength());
    }

    [Fact]
    public async Task What_is_no_HTTP_is_told_so_and_counted()
    {
        await using var server = await TempoSample.StartAsync();
        var answer = await ServerUnderTest.SendRawAsync(server.Tempo, "hello, is this Tempo?\r\n\r\n"u8.ToArray());
        Assert.Contains("This is the Tempo API port", Encoding.UTF8.GetString(answer), StringComparison.Ordinal);
        Assert.Equal(1, await server.MetricAsync("clew_garbage_total{port=\"tempo\",reason=\"unknown_protocol\"}"));
        await ServerUnderTest.SendRawAsync(server.Tempo, [0x16, 0x03, 0x01, 0x00, 0x05, 0x01]);
        Assert.Equal(1, await server.MetricAsync("clew_garbage_total{port=\"tempo\",reason=\"tls\"}"));
    }

    [Fact]
    public async Task A_server_stops_with_open_connections_of_both_kinds()
    {
        await using var server = await TempoSample.StartAsync();
        await server.GetTempoAsync("/ready");
        await GrpcCall.SendAsync(server.Client, server.Tempo, "/grpc.health.v1.Health/Check", GrpcCall.Frame([]));
        await server.Server.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }
}
