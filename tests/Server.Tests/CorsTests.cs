using System.Net;

namespace Clew.Server.Tests;

public sealed class CorsTests
{
    [Theory]
    [InlineData("http://localhost:3000", true)]
    [InlineData("http://127.0.0.1:5173", true)]
    [InlineData("https://localhost", true)]
    [InlineData("https://shop.example", false)]
    [InlineData("http://localhost.evil.example", false)]
    [InlineData("null", false)]
    public async Task Pages_of_this_machine_may_send_spans_and_others_may_not(string origin, bool isAllowed)
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var answer = await PreflightAsync(server, origin, "content-type,x-tenant");
        Assert.Equal(isAllowed ? HttpStatusCode.NoContent : HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(isAllowed ? origin : null, Header(answer, "Access-Control-Allow-Origin"));
        Assert.Equal("Origin", Header(answer, "Vary"));
        if (!isAllowed)
            return;
        Assert.Equal("POST", Header(answer, "Access-Control-Allow-Methods"));
        Assert.Equal("content-type,x-tenant", Header(answer, "Access-Control-Allow-Headers"));
    }

    [Theory]
    [InlineData("https://shop.example", "https://shop.example", "https://shop.example")]
    [InlineData("https://*.example", "https://eu.shop.example", "https://eu.shop.example")]
    [InlineData("https://*.example", "https://shop.example.evil", null)]
    [InlineData("*", "https://anyone", "*")]
    public async Task Allowed_origins_are_configured_with_wildcards(string allowed, string origin, string? answered)
    {
        await using var server = await ServerUnderTest.StartAsync(change: options => options with { Cors = new CorsOptions { AllowedOrigins = [allowed] } });
        using var answer = await PreflightAsync(server, origin, "");
        Assert.Equal(answered, Header(answer, "Access-Control-Allow-Origin"));
        Assert.Equal(answered is null ? null : "content-type", Header(answer, "Access-Control-Allow-Headers"));
    }

    [Fact]
    public async Task The_answer_to_an_export_may_be_read_by_the_page_that_sent_it()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Http, "/v1/traces")) { Content = new StringContent(Otlp.OneSpanJson) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("Origin", "http://localhost:8080");
        using var answer = await server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("http://localhost:8080", Header(answer, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Clients_that_are_no_browsers_see_nothing_of_it()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var body = new ByteArrayContent(Otlp.OneSpan);
        body.Headers.ContentType = new("application/x-protobuf");
        using var answer = await server.Client.PostAsync(new Uri(server.Http, "/v1/traces"), body);
        Assert.Null(Header(answer, "Access-Control-Allow-Origin"));
        Assert.Null(Header(answer, "Vary"));
    }

    static async Task<HttpResponseMessage> PreflightAsync(ServerUnderTest server, string origin, string headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, new Uri(server.Http, "/v1/traces"));
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        if (headers.Length > 0)
            request.Headers.TryAddWithoutValidation("Access-Control-Request-Headers", headers);
        return await server.Client.SendAsync(request);
    }

    static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;
}
