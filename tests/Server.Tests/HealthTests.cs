using System.Net;

namespace Clew.Server.Tests;

public sealed class HealthTests
{
    [Theory]
    [InlineData("live")]
    [InlineData("startup")]
    [InlineData("ready")]
    [InlineData("deep")]
    public async Task A_fine_server_says_so(string probe)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var (status, body) = await server.GetJsonAsync("/health/" + probe);
        Assert.Equal((HttpStatusCode.OK, "ok"), (status, body.GetProperty("status").GetString()));
    }

    [Theory]
    [InlineData("live", HttpStatusCode.OK)]
    [InlineData("startup", HttpStatusCode.OK)]
    [InlineData("ready", HttpStatusCode.ServiceUnavailable)]
    [InlineData("deep", HttpStatusCode.ServiceUnavailable)]
    public async Task A_server_that_cannot_store_is_alive_and_not_ready(string probe, HttpStatusCode expected)
    {
        await using var server = await ServerUnderTest.StartAsync();
        server.Store.Trouble = "The disk is full.";
        var (status, body) = await server.GetJsonAsync("/health/" + probe);
        Assert.Equal(expected, status);
        if (expected == HttpStatusCode.ServiceUnavailable)
            Assert.Equal("The disk is full.", body.GetProperty("checks").GetProperty("accepting").GetProperty("detail").GetString());
    }

    [Fact]
    public async Task The_deep_check_tells_of_damage_without_calling_the_server_unfit()
    {
        await using var server = await ServerUnderTest.StartAsync();
        server.Store.Damage = ["block-3 is damaged at byte 17."];
        var (status, body) = await server.GetJsonAsync("/health/deep");
        Assert.Equal(HttpStatusCode.OK, status);
        var damage = body.GetProperty("checks").GetProperty("damage");
        Assert.Equal(("warning", "block-3 is damaged at byte 17."), (damage.GetProperty("status").GetString(), damage.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task The_deep_check_reads_the_store()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.Store.AppendAsync(new Spans().Span(1).Batch, default);
        Assert.Equal(HttpStatusCode.OK, (await server.GetJsonAsync("/health/deep")).Status);
        server.Store.ReadFailure = new IOException("block-3: input/output error");
        var (status, body) = await server.GetJsonAsync("/health/deep");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("block-3: input/output error", body.GetProperty("checks").GetProperty("reads").GetProperty("detail").GetString());
    }

    [Fact]
    public async Task An_unknown_probe_is_a_404_that_lists_them()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var answer = await server.Client.GetAsync(new Uri(server.Ui, "/health/fine"));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("/health/deep", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_closes_the_store_and_the_ports()
    {
        var server = await ServerUnderTest.StartAsync();
        var address = server.Ui;
        await server.DisposeAsync();
        Assert.True(server.Store.IsDisposed);
        using var client = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(address));
    }
}
