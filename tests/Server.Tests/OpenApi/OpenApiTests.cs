using System.Net;
using System.Text.Json;

namespace Clew.Server.Tests.OpenApi;

/// <summary>openapi.json says what the server does: no less, no more, and what it answers is as described.</summary>
public sealed class OpenApiTests
{
    const string Prefix = "/api/clew/v1";

    [Fact]
    public async Task The_document_has_every_path_and_parameter_that_the_server_has_and_no_other()
    {
        await using var server = await StartAsync();
        var document = await DocumentAsync(server);
        var described = document.GetProperty("paths").EnumerateObject().ToDictionary(
            path => path.Name[1..], path => string.Join(' ', ParametersOf(path.Value).Where(name => !path.Name.Contains($"{{{name}}}", StringComparison.Ordinal)).Order()));
        var served = server.Server.ApiEndpoints.ToDictionary(endpoint => endpoint.Path, endpoint => string.Join(' ', endpoint.Parameters.Order()));
        Assert.Equal(served.OrderBy(path => path.Key), described.OrderBy(path => path.Key));
    }

    [Fact]
    public async Task Every_operation_has_a_name_of_its_own_a_summary_and_described_parameters()
    {
        await using var server = await StartAsync();
        var operations = (await DocumentAsync(server)).GetProperty("paths").EnumerateObject().Select(path => path.Value.GetProperty("get")).ToArray();
        Assert.Distinct(operations.Select(operation => operation.GetProperty("operationId").GetString()));
        Assert.All(operations, operation => Assert.NotEmpty(operation.GetProperty("summary").GetString()!));
        Assert.All(operations.SelectMany(operation => operation.GetProperty("parameters").EnumerateArray()), parameter => Assert.NotEmpty(parameter.GetProperty("description").GetString()!));
    }

    [Theory]
    [InlineData("/services", "services")]
    [InlineData("/operations", "operations?service=shop")]
    [InlineData("/search", "search")]
    [InlineData("/search", "search?q=%7B%7D%7Cselect(.tenant)%7Ccount()%3E0&explain=true")]
    [InlineData("/search", "search?q=%7B%7D&limit=1")]
    [InlineData("/traces/{id}", "traces/1")]
    [InlineData("/metrics", "metrics?q=%7B%7D%7Crate()by(kind,.tenant)&step=1m&exemplars=5&explain=true")]
    [InlineData("/metrics", "metrics?q=%7B%7D%7Cavg_over_time(.tenant)&step=1m")]
    [InlineData("/histogram", "histogram?explain=true")]
    [InlineData("/facets", "facets?explain=true")]
    [InlineData("/attributes", "attributes")]
    [InlineData("/attributes/values", "attributes/values?name=.tenant")]
    [InlineData("/attributes/values", "attributes/values?name=status")]
    [InlineData("/translate", "translate?q=a=1")]
    [InlineData("/openapi.json", "openapi.json")]
    [InlineData("/status", "status")]
    public async Task A_real_answer_is_as_the_document_describes_it(string path, string request)
    {
        await using var server = await StartAsync();
        var (status, body) = await server.GetJsonAsync($"{Prefix}/{request}");
        Assert.Equal(HttpStatusCode.OK, status);
        await AssertValidAsync(server, path, "200", body);
    }

    [Theory]
    [InlineData("/search", "search?q=%7B")]
    [InlineData("/search", "search?limit=x")]
    [InlineData("/attributes/values", "attributes/values")]
    [InlineData("/tail", "tail?q=%7B%7D%7Ccount()%3E1")]
    public async Task A_mistake_is_as_the_document_describes_it(string path, string request)
    {
        await using var server = await StartAsync();
        var (status, body) = await server.GetJsonAsync($"{Prefix}/{request}");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        await AssertValidAsync(server, path, "400", body);
    }

    [Fact]
    public void A_schema_finds_what_does_not_fit()
    {
        using var document = JsonDocument.Parse("""{"s":{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}}""");
        var schema = new JsonSchema(document.RootElement);
        Assert.Equal(["$ has no a", "$ has b, which the document does not know"], schema.Problems(schema.Resolve("#/s"), JsonElement.Parse("""{"b":1}""")));
        Assert.Equal(["$.a is String, not integer"], schema.Problems(schema.Resolve("#/s"), JsonElement.Parse("""{"a":"1"}""")));
    }

    static async Task AssertValidAsync(ServerUnderTest server, string path, string status, JsonElement body)
    {
        var document = await DocumentAsync(server);
        var schema = new JsonSchema(document);
        var response = document.GetProperty("paths").GetProperty(path).GetProperty("get").GetProperty("responses").GetProperty(status);
        if (response.TryGetProperty("$ref", out var reference))
            response = schema.Resolve(reference.GetString()!);
        var expected = response.GetProperty("content").GetProperty("application/json").GetProperty("schema");
        Assert.Empty(schema.Problems(expected, body));
    }

    static IEnumerable<string> ParametersOf(JsonElement path) => path.GetProperty("get").GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()!);

    static async Task<JsonElement> DocumentAsync(ServerUnderTest server) => (await server.GetJsonAsync($"{Prefix}/openapi.json")).Body;

    static async Task<ServerUnderTest> StartAsync()
    {
        var server = await ServerUnderTest.StartAsync();
        var now = (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000;
        await server.Store.AppendAsync(
            new Spans().Service("shop", ("host.name", "a"))
                .Span(0x1, start: now - 120_000_000_000, end: now - 119_000_000_000, name: "GET /cart", trace: new Model.TraceId(0, 1), attributes: [("tenant", "acme"), ("size", 3)])
                .Span(0x2, parent: 0x1, start: now - 110_000_000_000, end: now - 109_000_000_000, name: "reserve", trace: new Model.TraceId(0, 1), status: Model.StatusCode.Error, attributes: [("tenant", 7), ("ratio", double.NaN)])
                .Span(0x3, start: now - 60_000_000_000, end: now - 59_000_000_000, trace: new Model.TraceId(0, 2)).Batch,
            default);
        return server;
    }
}
