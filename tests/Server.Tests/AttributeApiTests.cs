using System.Net;
using System.Text.Json;
using Clew.Model;

namespace Clew.Server.Tests;

/// <summary>What there is to ask for, and what the spans of a query have in common.</summary>
public sealed class AttributeApiTests
{
    static readonly SpanBatch Sample = new Spans()
        .Service("shop", ("host.name", "web-1"))
        .Span(0x11, name: "GET /cart", kind: SpanKind.Server, attributes: [("tenant", "acme"), ("size", 3)])
        .Span(0x12, name: "GET /cart", kind: SpanKind.Server, attributes: [("tenant", "Acorn"), ("two words", true)])
        .Span(0x13, name: "POST /pay", status: StatusCode.Error, attributes: [("tenant", "acme")])
        .Service("stock")
        .Span(0x14, name: "reserve", attributes: [("tenant", "globex")])
        .Batch;

    [Fact]
    public async Task Attributes_are_listed_as_a_query_writes_them()
    {
        var (_, body) = await GetAsync("attributes");
        Assert.Equal(
            ["span.size", "span.tenant", "span.\"two words\"", "resource.host.name", "resource.service.name"],
            body.GetProperty("attributes").EnumerateArray().Select(attribute => attribute.GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("name=tenant", ".tenant", "acme Acorn globex")]
    [InlineData("name=span.tenant&prefix=AC", "span.tenant", "acme Acorn")]
    [InlineData("name=tenant&limit=1", ".tenant", "Acorn")]
    [InlineData("name=service", "resource.service.name", "shop stock")]
    [InlineData("name=operation&prefix=GET", "name", "GET /cart")]
    [InlineData("name=status", "status", "ok error unset")]
    [InlineData("name=kind&prefix=s", "kind", "server")]
    [InlineData("name=size", ".size", "3")]
    [InlineData("name=nothing", ".nothing", "")]
    public async Task Values_are_those_that_begin_as_asked(string query, string name, string values)
    {
        var (_, body) = await GetAsync("attributes/values?" + query);
        Assert.Equal(name, body.GetProperty("name").GetString());
        Assert.Equal(
            values.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(),
            string.Join(' ', body.GetProperty("values").EnumerateArray().Select(value => $"{value.GetProperty("value")}")).Split(' ', StringSplitOptions.RemoveEmptyEntries).Order());
    }

    [Theory]
    [InlineData("attributes/values", "name", "name is ''; expected an attribute or a field such as service, name, span.tier: there is no name.")]
    [InlineData("attributes/values?name=parent.x", "name", "name is 'parent.x'; expected an attribute")]
    [InlineData("attributes/values?name=a&limit=0", "limit", "limit is '0'; expected 1 to 1000.")]
    [InlineData("facets?limit=1001", "limit", "limit is '1001'; expected 1 to 1000.")]
    [InlineData("facets?q=duration", "", "")]
    public async Task A_mistake_names_its_parameter(string path, string parameter, string message)
    {
        var (status, body) = await GetAsync(path);
        if (parameter.Length == 0)
        {
            Assert.Equal(HttpStatusCode.OK, status);
            return;
        }

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(parameter, body.GetProperty("error").GetProperty("parameter").GetString());
        Assert.StartsWith(message, body.GetProperty("error").GetProperty("message").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Facets_count_the_values_of_all_attributes_of_the_spans_that_match()
    {
        var (_, body) = await GetAsync("facets?start=1&end=2000000&limit=1&q=" + Uri.EscapeDataString("service=shop"));
        Assert.Equal("{ resource.service.name = `shop` }", body.GetProperty("query").GetString());
        Assert.Equal(3, body.GetProperty("spans").GetInt32());
        var facets = body.GetProperty("facets").EnumerateArray().ToDictionary(facet => facet.GetProperty("name").GetString()!);
        Assert.Equal(["kind", "name", "resource.host.name", "resource.service.name", "span.\"two words\"", "span.size", "span.tenant", "status"], facets.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("""{"name":"name","spans":3,"values":[{"type":"string","value":"GET /cart","spans":2}],"others":1,"tooMany":false}""", facets["name"].GetRawText());
        Assert.Equal("""{"name":"span.tenant","spans":3,"values":[{"type":"string","value":"acme","spans":2}],"others":1,"tooMany":false}""", facets["span.tenant"].GetRawText());
        Assert.Equal("""{"name":"span.size","spans":1,"values":[{"type":"int","value":3,"spans":1}],"others":0,"tooMany":false}""", facets["span.size"].GetRawText());
    }

    static async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path)
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.Store.AppendAsync(Sample, default);
        return await server.GetJsonAsync("/api/clew/v1/" + path);
    }
}
