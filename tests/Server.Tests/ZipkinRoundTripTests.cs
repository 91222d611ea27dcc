using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Clew.Server.Tests;

/// <summary>What is sent to Zipkin's port is what comes back from it.</summary>
public sealed class ZipkinRoundTripTests
{
    public static TheoryData<string> Lists =>
    [
        """[{"traceId":"00000000000000a1","id":"00000000000000b2"}]""",
        """
        [{"traceId":"463ac35c9f6413ad48485a3953bb6124","parentId":"00000000000000a1","id":"00000000000000b2","kind":"CLIENT","name":"get /cart","timestamp":1700000000000001,"duration":1431,
          "localEndpoint":{"serviceName":"shop","ipv4":"10.0.0.1","ipv6":"2001:db8::c001","port":8080},
          "remoteEndpoint":{"serviceName":"stock","ipv4":"10.0.0.2","ipv6":"2001:db8::c002","port":9000},
          "annotations":[{"timestamp":1700000000000100,"value":"ws"},{"timestamp":1700000000000200,"value":"\"cache miss\": {\"key\":\"k\",\"list\":[1,{\"a\":null}]}"}],
          "tags":{"http.method":"GET","http.status_code":"200","empty":"","error":"false","ключ":"значение"},"debug":true},
         {"traceId":"463ac35c9f6413ad48485a3953bb6124","parentId":"00000000000000a1","id":"00000000000000b2","kind":"SERVER","name":"get /cart","timestamp":1700000000000100,"duration":1,
          "localEndpoint":{"serviceName":"stock","ipv6":"2001:db8::c002"},"remoteEndpoint":{"ipv4":"10.0.0.1","port":51000},"shared":true}]
        """,
        """[{"traceId":"00000000000000a1","id":"00000000000000b2","kind":"PRODUCER","timestamp":1700000000000001,"remoteEndpoint":{"serviceName":"kafka"},"tags":{"otel.status_code":"ERROR","error":"boom"}}]""",
        """[{"traceId":"00000000000000a1","id":"00000000000000b2","kind":"CONSUMER","timestamp":1700000000000001,"remoteEndpoint":{"port":9092},"tags":{"otel.status_code":"OK","otel.scope.name":"lib","otel.scope.version":"1","w3c.tracestate":"a=b","otel.dropped_links_count":"4"}}]""",
        """[{"traceId":"00000000000000a1","id":"00000000000000b2","annotations":[{"timestamp":1700000000000100,"value":"only"}],"localEndpoint":{"port":1}}]""",
    ];

    [Theory, MemberData(nameof(Lists))]
    public async Task Spans_come_back_as_they_were_sent(string sent)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var spans = JsonNode.Parse(sent)!.AsArray();
        var answer = await SendAndReadAsync(server, sent, $"{spans[0]!["traceId"]}");
        ZipkinSchema.CheckSpans(JsonElement.Parse(answer));
        Assert.Equal(Sorted(spans), Sorted(JsonNode.Parse(answer)));
    }

    [Fact]
    public async Task What_differs_is_what_Zipkin_itself_changes_and_how_OpenTelemetry_spells_an_error()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var answer = await SendAndReadAsync(
            server,
            """
            [{"traceId":"A1","id":"B2","parentId":"0","kind":"SERVER","name":"GET /","timestamp":1700000000000000,"duration":0.4,"localEndpoint":{"serviceName":"API","port":0},
              "annotations":[{"timestamp":1700000000000000,"value":"retry: {\"n\":1}"}],"tags":{"error":"","n":7}}]
            """,
            "a1");
        Assert.Equal(
            """
            [{"traceId":"00000000000000a1","id":"00000000000000b2","kind":"SERVER","name":"get /","timestamp":1700000000000000,"duration":1,"localEndpoint":{"serviceName":"api"},
            "annotations":[{"timestamp":1700000000000000,"value":"\"retry\": {\"n\":1}"}],"tags":{"n":"7","otel.status_code":"ERROR","error":""}}]
            """.ReplaceLineEndings(""),
            answer);
    }

    [Fact]
    public async Task A_server_that_shares_its_clients_id_is_told_apart_for_Jaeger_and_a_span_sent_twice_comes_back_once()
    {
        await using var server = await ServerUnderTest.StartAsync();
        const string Pair =
            """
            [{"traceId":"a1","id":"b2","kind":"CLIENT","timestamp":1700000000000000,"duration":9,"localEndpoint":{"serviceName":"shop"}},
             {"traceId":"a1","id":"b2","kind":"SERVER","timestamp":1700000000000001,"duration":5,"localEndpoint":{"serviceName":"stock"}}]
            """;
        await SendAndReadAsync(server, Pair, "a1");
        var answer = JsonElement.Parse(await SendAndReadAsync(server, Pair, "a1"));
        Assert.Equal(2, answer.GetArrayLength());
        Assert.True(answer[1].GetProperty("shared").GetBoolean());
        var (_, jaeger) = await server.GetJsonAsync("/api/traces/a1");
        var spans = jaeger.GetProperty("data")[0].GetProperty("spans").EnumerateArray().ToArray();
        Assert.Equal("00000000000000b2", spans[1].GetProperty("references")[0].GetProperty("spanID").GetString());
        Assert.NotEqual("00000000000000b2", spans[1].GetProperty("spanID").GetString());
    }

    static async Task<string> SendAndReadAsync(ServerUnderTest server, string spans, string traceId)
    {
        using var content = new StringContent(spans, Encoding.UTF8, "application/json");
        using var sent = await server.Client.PostAsync(new Uri(server.Zipkin, "/api/v2/spans"), content);
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        return await server.Client.GetStringAsync(new Uri(server.Zipkin, $"/api/v2/trace/{traceId}"));
    }

    // Members by name: their order means nothing.
    static string Sorted(JsonNode? node) => node switch
    {
        JsonObject members => $"{{{string.Join(',', members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"{member.Key}:{Sorted(member.Value)}"))}}}",
        JsonArray elements => $"[{string.Join(',', elements.Select(Sorted))}]",
        _ => node?.ToJsonString() ?? "null",
    };
}
