using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Clew.EndToEnd.Tests.Processes;
using Clew.EndToEnd.Tests.Wire;

namespace Clew.EndToEnd.Tests.Clients;

/// <summary>What Grafana's Tempo data source sends, request by request, to the real server with spans that came in as OTLP; streaming by @grpc/grpc-js (tests/clients/tempo-grpc).</summary>
public sealed class GrafanaTests : IAsyncLifetime
{
    const long StartSeconds = 1_700_000_000, Start = StartSeconds * 1_000_000_000;
    const string Range = "start=1699999000&end=1700001000";

    static readonly string TraceId = new string('0', 16) + "00c0ffee00c0ffee", Other = new('b', 32);

    readonly TemporaryFolder _folder = new();
    readonly int _port = FreePort();
    readonly HttpClient _grafana = new(new SocketsHttpHandler { UseProxy = false });
    ClewProcess _clew = null!;

    public async Task InitializeAsync()
    {
        _clew = await ClewProcess.StartAsync(_folder.Path, $"listen.tempo=127.0.0.1:{_port}");
        _grafana.BaseAddress = new Uri($"http://127.0.0.1:{_port}");
        using var sender = OtlpSender.OverHttp(_clew.OtlpHttp);
        await sender.DeliverAsync(
        [
            Span(TraceId, 1, "shop", "GET /cart") with { Kind = 2, Attributes = [new("http.status_code", 500L), new("tenant/name", "acme")] },
            Span(TraceId, 2, "stock", "reserve") with { Kind = 3, ParentSpanId = $"{1:x16}", StatusCode = 2, StatusMessage = "sold out" },
            Span(Other, 3, "shop", "GET /") with { Kind = 2, Attributes = [new("http.status_code", 200L)] },
        ]);
    }

    public async Task DisposeAsync()
    {
        _grafana.Dispose();
        await _clew.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_data_source_saves_and_tests()
    {
        Assert.Equal("echo", await _grafana.GetStringAsync(new Uri("/api/echo", UriKind.Relative)));
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/api/traces/0")).Status);
        Assert.StartsWith("2.", (await GetJsonAsync("/api/status/buildinfo")).GetProperty("version").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_search_form_fills_itself_and_finds()
    {
        var scopes = (await GetJsonAsync($"/api/v2/search/tags?limit=5000&{Range}")).GetProperty("scopes").EnumerateArray().ToArray();
        var spanTags = Texts(scopes.Single(scope => scope.GetProperty("name").GetString() == "span").GetProperty("tags"));
        Assert.Equal(["http.status_code", "tenant/name"], spanTags);
        var services = await GetJsonAsync($"/api/v2/search/tag/resource.service.name/values?limit=5000&{Range}&q=%7B%7D");
        Assert.Equal("""[{"type":"string","value":"shop"},{"type":"string","value":"stock"}]""", services.GetProperty("tagValues").GetRawText());
        var names = await GetJsonAsync($"/api/v2/search/tag/name/values?limit=5000&{Range}&q=%7Bresource.service.name%3D%22shop%22%20%26%26%20name%3D%7D");
        Assert.Equal(["GET /", "GET /cart"], names.GetProperty("tagValues").EnumerateArray().Select(value => value.GetProperty("value").GetString()));
        var tenants = await GetJsonAsync("/api/v2/search/tag/span.tenant%252Fname/values?limit=5000");
        Assert.Equal("""[{"type":"string","value":"acme"}]""", tenants.GetProperty("tagValues").GetRawText());
        var statuses = await GetJsonAsync("/api/v2/search/tag/status/values?limit=5000");
        Assert.Equal(["ok", "error", "unset"], statuses.GetProperty("tagValues").EnumerateArray().Select(value => value.GetProperty("value").GetString()));

        var query = Uri.EscapeDataString("{resource.service.name=\"shop\" && span.http.status_code>=500 && duration>1us}");
        var found = (await GetJsonAsync($"/api/search?q={query}&limit=20&spss=3&{Range}")).GetProperty("traces");
        var trace = Assert.Single(found.EnumerateArray().ToArray());
        Assert.Equal(
            (TraceId, "shop", "GET /cart", $"{Start}"),
            (trace.GetProperty("traceID").GetString(), trace.GetProperty("rootServiceName").GetString(), trace.GetProperty("rootTraceName").GetString(),
                trace.GetProperty("startTimeUnixNano").GetString()));
        var span = trace.GetProperty("spanSets")[0].GetProperty("spans")[0];
        Assert.Equal("""[{"key":"service.name","value":{"stringValue":"shop"}},{"key":"http.status_code","value":{"intValue":"500"}}]""", span.GetProperty("attributes").GetRawText());
    }

    [Fact]
    public async Task A_trace_opens_by_id_in_protobuf_and_JSON()
    {
        var (status, type, body) = await GetAsync($"/api/v2/traces/{TraceId.TrimStart('0').ToUpperInvariant()}", "application/protobuf");
        Assert.Equal((HttpStatusCode.OK, "application/protobuf"), (status, type));
        Assert.Equal(0x0A, body[0]);
        Assert.True(body.AsSpan().IndexOf("sold out"u8) > 0);

        var batches = (await GetJsonAsync($"/api/traces/{TraceId}")).GetProperty("batches");
        var spans = batches.EnumerateArray().SelectMany(batch => batch.GetProperty("scopeSpans").EnumerateArray()).SelectMany(scope => scope.GetProperty("spans").EnumerateArray()).ToArray();
        Assert.Equal(["GET /cart", "reserve"], spans.Select(span => span.GetProperty("name").GetString()));
        Assert.Equal(TraceId, Convert.ToHexStringLower(spans[0].GetProperty("traceId").GetBytesFromBase64()));
        Assert.Equal("STATUS_CODE_ERROR", spans[1].GetProperty("status").GetProperty("code").GetString());
        Assert.Equal("""{"trace":{}}""", (await GetJsonAsync("/api/v2/traces/dead")).GetRawText());
    }

    [Fact]
    public async Task Metrics_are_drawn_over_time_and_shown_as_numbers()
    {
        var rate = Uri.EscapeDataString("{} | rate() by (resource.service.name)");
        var range = await GetJsonAsync($"/api/metrics/query_range?q={rate}&start={StartSeconds - 60}&end={StartSeconds + 60}&step=60s&exemplars=100");
        var series = range.GetProperty("series").EnumerateArray().ToArray();
        Assert.Equal(["shop", "stock"], series.Select(one => one.GetProperty("labels")[0].GetProperty("value").GetProperty("stringValue").GetString()));
        Assert.Equal(2 / 60.0, Sum(series[0]), 9);
        Assert.NotEmpty(series[0].GetProperty("exemplars").EnumerateArray());

        var count = Uri.EscapeDataString("{status=error} | count_over_time()");
        var instant = await GetJsonAsync($"/api/metrics/query?q={count}&start={StartSeconds - 60}&end={StartSeconds + 60}");
        Assert.Equal(1, instant.GetProperty("series")[0].GetProperty("value").GetDouble());

        var (status, type, body) = await GetAsync("/api/metrics/query_range?q=%7B%7D%20%7C%20rate%28");
        Assert.Equal((HttpStatusCode.BadRequest, "text/plain; charset=utf-8"), (status, type));
        Assert.StartsWith("parse error at line 1, col ", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
    }

    [NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Streaming_answers_a_real_client_on_the_same_port(bool compress)
    {
        var found = await StreamAsync("Search", """{"Query":"{ status = error }","Limit":20,"start":1699999000,"end":1700001000,"SpansPerSpanSet":3}""", compress);
        Assert.Equal((0, TraceId), (found.GetProperty("code").GetInt32(), found.GetProperty("messages")[0].GetProperty("traces")[0].GetProperty("traceID").GetString()));
        var tags = await StreamAsync("SearchTagsV2", """{"scope":"span"}""", compress);
        Assert.Equal("""[{"name":"span","tags":["http.status_code","tenant/name"]}]""", tags.GetProperty("messages")[0].GetProperty("scopes").GetRawText());
        var names = await StreamAsync("SearchTags", """{"scope":"resource"}""", compress);
        Assert.Equal(["service.name"], Texts(names.GetProperty("messages")[0].GetProperty("tagNames")));
        var values = await StreamAsync("SearchTagValues", """{"tagName":"service.name"}""", compress);
        Assert.Equal(["shop", "stock"], Texts(values.GetProperty("messages")[0].GetProperty("tagValues")));
        var typed = await StreamAsync("SearchTagValuesV2", """{"tagName":"span.http.status_code","query":"{ name = \"GET /\" && "}""", compress);
        Assert.Equal("""[{"type":"int","value":"200"}]""", typed.GetProperty("messages")[0].GetProperty("tagValues").GetRawText());
        var times = $"\"start\":\"{Start - 60_000_000_000}\",\"end\":\"{Start + 60_000_000_000}\"";
        var range = await StreamAsync("MetricsQueryRange", $$"""{"query":"{ } | rate()",{{times}},"step":"60000000000","exemplars":10}""", compress);
        Assert.Equal(3 / 60.0, Sum(range.GetProperty("messages")[0].GetProperty("series")[0]), 9);
        var instant = await StreamAsync("MetricsQueryInstant", $$"""{"query":"{ } | count_over_time()",{{times}}}""", compress);
        Assert.Equal(3, instant.GetProperty("messages")[0].GetProperty("series")[0].GetProperty("value").GetDouble());
        var wrong = await StreamAsync("Search", """{"Query":"{ .a = }"}""", compress);
        Assert.Equal(3, wrong.GetProperty("code").GetInt32());
        Assert.Contains("parse error at line 1, col 8", wrong.GetProperty("details").GetString()!, StringComparison.Ordinal);
        Assert.Empty(_clew.Errors);
    }

    async Task<JsonElement> StreamAsync(string method, string request, bool compress)
    {
        string[] options = compress ? ["--compress"] : [];
        return JsonElement.Parse(await NodeProgram.RunAsync("tempo-grpc", "query.mjs", ["--endpoint", $"127.0.0.1:{_port}", "--method", method, "--request", request, .. options]));
    }

    async Task<(HttpStatusCode Status, string? Type, byte[] Body)> GetAsync(string path, string accept = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Accept.ParseAdd(accept);
        using var answer = await _grafana.SendAsync(request);
        return (answer.StatusCode, answer.Content.Headers.ContentType?.ToString(), await answer.Content.ReadAsByteArrayAsync());
    }

    async Task<JsonElement> GetJsonAsync(string path)
    {
        var (status, type, body) = await GetAsync(path);
        Assert.True(status == HttpStatusCode.OK, $"{path}: {status} {Encoding.UTF8.GetString(body)}");
        Assert.Equal("application/json", type);
        return JsonElement.Parse(body);
    }

    static double Sum(JsonElement series) =>
        series.GetProperty("samples").EnumerateArray().Sum(sample => sample.TryGetProperty("value", out var value) ? value.GetDouble() : 0);

    static IEnumerable<string?> Texts(JsonElement list) => list.EnumerateArray().Select(text => text.GetString());

    static OtlpSpan Span(string traceId, int id, string service, string name) => new()
    {
        TraceId = traceId, SpanId = $"{id:x16}", Name = name, StartNanos = Start + (id - 1) * 1_000, EndNanos = Start + id * 1_000_000, Resource = OtlpResource.OfService(service),
    };

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
