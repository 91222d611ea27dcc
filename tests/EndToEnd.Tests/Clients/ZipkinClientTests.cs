using System.Text.Json;
using System.Text.Json.Nodes;

namespace Clew.EndToEnd.Tests.Clients;

/// <summary>JavaScript clients that speak Zipkin (tests/clients/zipkin-js) against the real server.</summary>
public sealed class ZipkinClientTests(RunningServer server) : IClassFixture<RunningServer>
{
    [NodeTheory]
    [InlineData("zipkin", 4)]
    [InlineData("opentelemetry", 9)]
    public async Task What_a_client_sends_comes_back_from_Zipkins_API(string client, int spanCount)
    {
        var sent = await SendAsync(client);
        Assert.Equal(spanCount, sent.Count);

        var found = await GetAsync($"trace/{sent[0]!["traceId"]}");

        Assert.Equal(sent.Select(span => Text(Expected(span!.AsObject()))).Order(StringComparer.Ordinal), found.Select(Text).Order(StringComparer.Ordinal));
    }

    [NodeTheory]
    [InlineData("traces?serviceName=stock&spanName=select&annotationQuery=error%3Dsold+out")]
    [InlineData("traces?serviceName=shop&remoteServiceName=stock&annotationQuery=wire.send")]
    [InlineData("traces?serviceName=shop&spanName=get+%2Fcart&minDuration=1&annotationQuery=http.status_code%3D200")]
    public async Task What_a_client_sent_is_found_by_what_it_says(string search)
    {
        var id = $"{(await SendAsync("zipkin"))[0]!["traceId"]}";
        var found = await GetAsync(search);
        var nothing = await GetAsync($"{search}+and+no.such.key%3Dx");
        Assert.Contains(id, found.Select(trace => $"{trace![0]!["traceId"]}"));
        Assert.Empty(nothing);
    }

    [NodeTheory]
    [InlineData("zipkin")]
    public async Task Services_their_links_and_both_sides_of_a_shared_span_are_told_apart(string client)
    {
        var id = $"{(await SendAsync(client))[0]!["traceId"]}";
        Assert.Equal(["shop", "stock"], (await GetAsync("services")).Select(name => $"{name}").Where(name => name != "js-zipkin"));
        Assert.Equal(["get /cart", "reserve"], (await GetAsync("spans?serviceName=shop")).Select(name => $"{name}"));
        Assert.Equal(["stock"], (await GetAsync("remoteServices?serviceName=shop")).Select(name => $"{name}"));
        var links = await GetAsync($"dependencies?endTs={TimeProvider.System.GetUtcNow().AddMinutes(1).ToUnixTimeMilliseconds()}");
        Assert.Contains("shop > stock", links.Select(link => $"{link!["parent"]} > {link["child"]}"));
        var jaeger = await server.Clew.GetJsonAsync($"/api/traces/{id}");
        var spanIds = jaeger.GetProperty("data")[0].GetProperty("spans").EnumerateArray().Select(span => span.GetProperty("spanID").GetString()).ToArray();
        Assert.Equal((4, 4), (spanIds.Length, spanIds.Distinct().Count()));
    }

    /// <summary>A span as it is expected back: names in lower case, a failure in both of the ways it is told, the service's name and the peer's in their fields alone.</summary>
    static JsonObject Expected(JsonObject sent)
    {
        var span = JsonNode.Parse(sent.ToJsonString())!.AsObject();
        var tags = span["tags"]?.AsObject() ?? [];
        if (span["name"] is { } name)
            span["name"] = $"{name}".ToLowerInvariant();
        if (span["localEndpoint"]?["serviceName"] is { } service)
        {
            if ($"{tags["service.name"]}" == $"{service}")
                tags.Remove("service.name");
            span["localEndpoint"]!["serviceName"] = $"{service}".ToLowerInvariant();
        }

        if (tags["peer.service"] is { } peer)
        {
            span["remoteEndpoint"] = new JsonObject { ["serviceName"] = $"{peer}" };
            tags.Remove("peer.service");
        }

        if (tags.ContainsKey("error"))
            tags["otel.status_code"] = "ERROR";
        else if ($"{tags["otel.status_code"]}" == "ERROR")
            tags["error"] = "";
        return span;
    }

    // Members by name: their order means nothing.
    static string Text(JsonNode? node) => node switch
    {
        JsonObject members => $"{{{string.Join(',', members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"{member.Key}:{Text(member.Value)}"))}}}",
        JsonArray elements => $"[{string.Join(',', elements.Select(Text))}]",
        _ => node is null ? "null" : JsonSerializer.Deserialize<JsonElement>(node.ToJsonString()).ToString(),
    };

    async Task<JsonArray> SendAsync(string client) =>
        JsonNode.Parse(await NodeProgram.RunAsync("zipkin-js", "send.mjs", "--client", client, "--endpoint", server.Clew.Zipkin.ToString()))!.AsArray();

    async Task<JsonArray> GetAsync(string query) =>
        JsonNode.Parse(await server.Clew.Http.GetStringAsync(new Uri(server.Clew.Zipkin, $"/api/v2/{query}")))!.AsArray();
}
