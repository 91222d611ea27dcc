using System.Net;

namespace Clew.Server.Tests;

public sealed class UiHostingTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/search?service=shop")]
    [InlineData("/trace/00000000000000000000000000000001")]
    public async Task Every_page_is_the_same_document_with_a_strict_policy(string path)
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var answer = await server.Client.GetAsync(new Uri(server.Ui, path));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.StartsWith("default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        var text = await answer.Content.ReadAsStringAsync();
        if (answer.Content.Headers.ContentType!.MediaType == "text/plain")
            Assert.Contains("This build of Clew has no web UI", text, StringComparison.Ordinal);
        else
            Assert.Contains("<script type=\"module\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Built_files_are_served_with_their_types_and_cached_for_ever()
    {
        await using var server = await ServerUnderTest.StartAsync();
        foreach (var name in typeof(ClewServer).Assembly.GetManifestResourceNames().Where(name => name.StartsWith("web/assets/", StringComparison.Ordinal)))
        {
            using var answer = await server.Client.GetAsync(new Uri(server.Ui, name["web".Length..]));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("public, max-age=31536000, immutable", answer.Headers.GetValues("Cache-Control").Single());
            Assert.Equal(Path.GetExtension(name) switch { ".js" => "text/javascript", ".css" => "text/css", _ => answer.Content.Headers.ContentType!.MediaType }, answer.Content.Headers.ContentType!.MediaType);
        }
    }

    [Fact]
    public async Task A_missing_asset_is_a_404_and_not_a_page()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var answer = await server.Client.GetAsync(new Uri(server.Ui, "/assets/gone-123.js"));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Pages_are_only_read()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var answer = await server.Client.PostAsync(new Uri(server.Ui, "/search"), null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        using var head = new HttpRequestMessage(HttpMethod.Head, server.Ui);
        using var headers = await server.Client.SendAsync(head);
        Assert.Equal(HttpStatusCode.OK, headers.StatusCode);
    }

    [Fact]
    public async Task Health_answers_probes_by_any_name()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Ui, "/health/ready"));
        request.Headers.Host = "clew.tracing.svc";
        using var answer = await server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_server_that_listens_on_every_address_is_guarded_in_the_same_way()
    {
        await using var server = await ServerUnderTest.StartAsync(
            change: options => options with { Listen = options.Listen with { Ui = "*:0", AllowedHosts = ["traces.internal"] } });
        foreach (var (host, expected) in ((string, HttpStatusCode)[])
            [("evil.example", HttpStatusCode.Forbidden), ("192.0.2.7:16686", HttpStatusCode.OK), ("localhost", HttpStatusCode.OK), ("traces.internal", HttpStatusCode.OK)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Ui, "/api/services"));
            request.Headers.Host = host;
            using var answer = await server.Client.SendAsync(request);
            Assert.Equal(expected, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("evil.example", "", HttpStatusCode.Forbidden)]
    [InlineData("localhost.evil.example:16686", "", HttpStatusCode.Forbidden)]
    [InlineData("localhost", "", HttpStatusCode.OK)]
    [InlineData("LOCALHOST:16686", "", HttpStatusCode.OK)]
    [InlineData("127.0.0.1:1", "", HttpStatusCode.OK)]
    [InlineData("[::1]:16686", "", HttpStatusCode.OK)]
    [InlineData("traces.internal", "traces.internal", HttpStatusCode.OK)]
    [InlineData("anything", "*", HttpStatusCode.OK)]
    public async Task A_page_cannot_read_traces_by_pointing_its_own_name_at_this_machine(string host, string allowed, HttpStatusCode expected)
    {
        await using var server = await ServerUnderTest.StartAsync(
            change: options => options with { Listen = options.Listen with { AllowedHosts = allowed.Length == 0 ? [] : [allowed] } });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Ui, "/api/services"));
        request.Headers.Host = host;
        using var answer = await server.Client.SendAsync(request);
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(expected == HttpStatusCode.Forbidden ? 1 : 0, await server.MetricAsync("clew_garbage_total{port=\"ui\",reason=\"foreign_host\"}"));
    }
}
