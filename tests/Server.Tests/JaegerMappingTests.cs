using System.Text.Json;
using Clew.Model;

namespace Clew.Server.Tests;

/// <summary>What each field of OTLP looks like in Jaeger's JSON: one row per rule.</summary>
public sealed class JaegerMappingTests
{
    static readonly TraceId Short = new(0, 0xAB);

    /// <summary>Spans, a path into the answer's first trace, and the JSON expected there.</summary>
    static readonly (string Rule, Func<Spans, Spans> Spans, string Path, string Expected)[] Rules =
    [
        ("a trace id has 32 digits", s => s.Span(1), "traceID", "\"00000000000000010000000000000001\""),
        ("a trace id with an empty upper half has 16", s => s.Span(1, trace: Short), "traceID", "\"00000000000000ab\""),
        ("so has it on the span", s => s.Span(1, trace: Short), "spans.0.traceID", "\"00000000000000ab\""),
        ("a span id has 16", s => s.Span(0xAA), "spans.0.spanID", "\"00000000000000aa\""),
        ("the name is the operation", s => s.Span(1, name: "GET /"), "spans.0.operationName", "\"GET /\""),
        ("an empty name is named", s => s.Span(1, name: ""), "spans.0.operationName", "\"empty-span-name\""),
        ("times are microseconds, truncated", s => s.Span(1, start: 1_999, end: 5_998), "spans.0.startTime", "1"),
        ("durations too", s => s.Span(1, start: 1_999, end: 5_998), "spans.0.duration", "3"),
        ("an end before the start is no duration", s => s.Span(1, start: 9_000, end: 5_000), "spans.0.duration", "0"),
        ("a root has no references", s => s.Span(1), "spans.0.references", "[]"),
        ("a parent is a reference", s => s.Span(1, parent: 2), "spans.0.references",
            """[{"refType":"CHILD_OF","traceID":"00000000000000010000000000000001","spanID":"0000000000000002"}]"""),
        ("a link follows after the parent", s => s.Link(Short, 7).Span(1, parent: 2), "spans.0.references.1",
            """{"refType":"FOLLOWS_FROM","traceID":"00000000000000ab","spanID":"0000000000000007"}"""),
        ("a link of the OpenTracing shim may be a child", s => s.Link(Short, 7, ("opentracing.ref_type", "child_of")).Span(1), "spans.0.references.0.refType", "\"CHILD_OF\""),
        ("no flags are left out", s => s.Span(1), "spans.0.flags", "absent"),
        ("flags are the W3C ones", s => s.Span(1, flags: 0x301), "spans.0.flags", "1"),
        ("a plain span has no tags", s => s.Span(1), "spans.0.tags", "[]"),
        ("and no logs", s => s.Span(1), "spans.0.logs", "[]"),
        ("and no warnings", s => s.Span(1), "spans.0.warnings", "null"),
        ("a string", s => s.Span(1, attributes: [("k", "v")]), "spans.0.tags", """[{"key":"k","type":"string","value":"v"}]"""),
        ("a bool", s => s.Span(1, attributes: [("k", true)]), "spans.0.tags", """[{"key":"k","type":"bool","value":true}]"""),
        ("an integer", s => s.Span(1, attributes: [("k", -7)]), "spans.0.tags", """[{"key":"k","type":"int64","value":-7}]"""),
        ("the largest safe integer", s => s.Span(1, attributes: [("k", 9007199254740991)]), "spans.0.tags.0.value", "9007199254740991"),
        ("one beyond it travels as text", s => s.Span(1, attributes: [("k", 9007199254740992)]), "spans.0.tags.0", """{"key":"k","type":"int64","value":"9007199254740992"}"""),
        ("so does one below", s => s.Span(1, attributes: [("k", -9007199254740992)]), "spans.0.tags.0.value", "\"-9007199254740992\""),
        ("a double", s => s.Span(1, attributes: [("k", 1.5)]), "spans.0.tags", """[{"key":"k","type":"float64","value":1.5}]"""),
        ("a double without digits", s => s.Span(1, attributes: [("k", double.NaN)]), "spans.0.tags", """[{"key":"k","type":"float64","value":"NaN"}]"""),
        ("bytes", s => s.Span(1, attributes: [("k", new byte[] { 1, 2, 255 })]), "spans.0.tags", """[{"key":"k","type":"binary","value":"AQL/"}]"""),
        ("an array", s => s.Span(1, attributes: [("k", new object?[] { 1, "two", null })]), "spans.0.tags.0.value", "\"[1,\\\"two\\\",null]\""),
        ("a map", s => s.Span(1, attributes: [("k", new (string, object?)[] { ("a", true) })]), "spans.0.tags.0.value", "\"{\\\"a\\\":true}\""),
        ("an empty value", s => s.Span(1, attributes: [("k", null)]), "spans.0.tags.0", """{"key":"k","type":"string","value":""}"""),
        ("an address that is a number", s => s.Span(1, attributes: [("peer.ipv4", 0x7F000001)]), "spans.0.tags.0.value", "\"127.0.0.1\""),
        ("an address of an event is left as it is", s => s.Event(1, "e", ("ip", 5)).Span(1), "spans.0.logs.0.fields.1.value", "5"),
        ("a link to nowhere is left out", s => s.Link(default, 0).Link(Short, 7).Span(1), "spans.0.references",
            """[{"refType":"FOLLOWS_FROM","traceID":"00000000000000ab","spanID":"0000000000000007"}]"""),
        ("and mentioned", s => s.Link(default, 0).Span(1), "spans.0.warnings", """["Invalid span link removed"]"""),
        ("what describes the library is no tag of the span", s => s.Span(1, attributes: [("telemetry.sdk.name", "otel"), ("k", 1)]), "spans.0.tags.*.key", """["k"]"""),
        ("but one of the process", s => s.Span(1, attributes: [("telemetry.sdk.name", "otel")]).Span(2, attributes: [("telemetry.sdk.name", "otel"), ("otel.library.name", "l")]),
            "processes.p1.tags.*.value", """["otel","l"]"""),
        ("once, when the resource has it too", s => s.Service("a", ("telemetry.sdk.name", "otel")).Span(1, attributes: [("telemetry.sdk.name", "otel")]),
            "processes.p1.tags.*.value", """["otel"]"""),
        ("unless that says otherwise", s => s.Service("a", ("telemetry.sdk.name", "x")).Span(1, attributes: [("telemetry.sdk.name", "otel")]), "spans.0.tags.*.value", """["otel"]"""),
        ("which is mentioned", s => s.Service("a", ("telemetry.sdk.name", "x")).Span(1, attributes: [("telemetry.sdk.name", "otel")]), "spans.0.warnings",
            """["conflicting values between Span and Resource for attribute telemetry.sdk.name"]"""),
        ("the order of tags", s => s.Scope("lib", "1.2").Span(1, kind: SpanKind.Client, status: StatusCode.Error, message: "boom", state: "a=b", attributes: [("k", 1)]),
            "spans.0.tags.*.key", """["otel.scope.name","otel.scope.version","k","span.kind","otel.status_code","error","otel.status_description","w3c.tracestate"]"""),
        ("their values", s => s.Scope("lib", "1.2").Span(1, kind: SpanKind.Client, status: StatusCode.Error, message: "boom", state: "a=b", attributes: [("k", 1)]),
            "spans.0.tags.*.value", """["lib","1.2",1,"client","ERROR",true,"boom","a=b"]"""),
        ("an ok status", s => s.Span(1, status: StatusCode.Ok), "spans.0.tags.*.value", """["OK"]"""),
        ("a kind in lower case", s => s.Span(1, kind: SpanKind.Consumer), "spans.0.tags.*.value", """["consumer"]"""),
        ("attributes are in order of their keys", s => s.Span(1, attributes: [("b", 1), ("a", 2), ("b", 3)]), "spans.0.tags.*.value", "[2,1,3]"),
        ("an event", s => s.Event(2_500, "cache miss", ("key", "k1")).Span(1), "spans.0.logs",
            """[{"timestamp":2,"fields":[{"key":"event","type":"string","value":"cache miss"},{"key":"key","type":"string","value":"k1"}]}]"""),
        ("an event without a name", s => s.Event(2_500, "", ("key", "k1")).Span(1), "spans.0.logs.0.fields.*.key", """["key"]"""),
        ("a service", s => s.Service("shop", ("host.name", "h1")).Span(1), "processes", """{"p1":{"serviceName":"shop","tags":[{"key":"host.name","type":"string","value":"h1"}]}}"""),
        ("a span's process", s => s.Service("a").Span(1, start: 1).Service("b").Span(2, start: 2), "spans.1.processID", "\"p2\""),
        ("equal resources are one process", s => s.Service("a").Span(1).Service("a").Span(2), "processes", """{"p1":{"serviceName":"a","tags":[]}}"""),
        ("no service name", s => s.Service(null).Span(1), "processes.p1.serviceName", "\"missing-service-name\""),
        ("an empty one", s => s.Service("").Span(1), "processes.p1.serviceName", "\"empty-service-name\""),
        ("one of the wrong type", s => s.Service(7).Span(1), "processes.p1.serviceName", "\"service-name-wrong-type\""),
        ("warnings of Jaeger clients", s => s.Span(1, attributes: [("@jaeger@warnings", new object?[] { "late" })]), "spans.0.warnings", """["late"]"""),
        ("which are no tag", s => s.Span(1, attributes: [("@jaeger@warnings", new object?[] { "late" })]), "spans.0.tags", "[]"),
        ("a parent that is not here", s => s.Span(1, parent: 0xF0), "spans.0.warnings", """["parent span ID=00000000000000f0 is not in the trace; skipping clock skew adjustment"]"""),
        ("a trace has no warnings of its own", s => s.Span(1), "warnings", "null"),
    ];

    public static TheoryData<string> RuleNames => [.. Rules.Select(rule => rule.Rule)];

    [Theory]
    [MemberData(nameof(RuleNames))]
    public async Task A_rule_of_the_mapping_holds(string name)
    {
        var (_, spans, path, expected) = Rules.Single(rule => rule.Rule == name);
        var batch = spans(new Spans()).Batch;
        var trace = await TraceAsync(batch, "");
        var found = Find(trace, path.Split('.'));
        Assert.Equal(expected, found is null ? "absent" : Compact(found.Value));
    }

    [Fact]
    public async Task A_raw_trace_keeps_the_order_of_attributes_and_spans_that_came_twice()
    {
        var batch = new Spans().Span(1, attributes: [("b", 1), ("a", 2)]).Span(1, attributes: [("b", 1), ("a", 2)]).Batch;
        var raw = await TraceAsync(batch, "?raw=true");
        Assert.Equal(2, raw.GetProperty("spans").GetArrayLength());
        Assert.Equal("b", raw.GetProperty("spans")[0].GetProperty("tags")[0].GetProperty("key").GetString());
        Assert.Equal(1, (await TraceAsync(batch, "")).GetProperty("spans").GetArrayLength());
    }

    [Fact]
    public async Task A_raw_trace_keeps_empty_links_library_attributes_and_numbers_that_are_addresses()
    {
        var batch = new Spans().Link(default, 0).Span(1, attributes: [("ip", 5), ("telemetry.sdk.name", "otel")]).Batch;
        var span = (await TraceAsync(batch, "?raw=true")).GetProperty("spans")[0];
        Assert.Equal(1, span.GetProperty("references").GetArrayLength());
        Assert.Equal("""[{"key":"ip","type":"int64","value":5},{"key":"telemetry.sdk.name","type":"string","value":"otel"}]""", span.GetProperty("tags").GetRawText());
        Assert.Equal(JsonValueKind.Null, span.GetProperty("warnings").ValueKind);
    }

    [Fact]
    public async Task A_server_span_that_shares_its_clients_id_becomes_its_child()
    {
        var batch = new Spans()
            .Service("client").Span(5, kind: SpanKind.Client, start: 1_000)
            .Service("server").Span(5, kind: SpanKind.Server, start: 2_000).Span(6, parent: 5, start: 3_000).Batch;
        var spans = (await TraceAsync(batch, "")).GetProperty("spans");
        var server = spans[1].GetProperty("spanID").GetString();
        Assert.Equal("0000000000000005", spans[0].GetProperty("spanID").GetString());
        Assert.NotEqual("0000000000000005", server);
        Assert.Equal("0000000000000005", spans[1].GetProperty("references")[0].GetProperty("spanID").GetString());
        Assert.Equal(server, spans[2].GetProperty("references")[0].GetProperty("spanID").GetString());
    }

    [Fact]
    public async Task A_host_whose_clock_is_behind_is_moved_into_its_parent_where_that_is_allowed()
    {
        var batch = new Spans()
            .Service("a", ("host.name", "h1")).Span(1, start: 10_000_000, end: 20_000_000)
            .Service("b", ("host.name", "h2")).Event(1_500_000, "e").Span(2, parent: 1, start: 1_000_000, end: 3_000_000).Batch;
        var disabled = (await TraceAsync(batch, "")).GetProperty("spans");
        Assert.Equal("clock skew adjustment disabled; not applying calculated delta of 13ms", Span(disabled, "0000000000000002").GetProperty("warnings")[0].GetString());
        Assert.Equal(1_000, Span(disabled, "0000000000000002").GetProperty("startTime").GetInt64());

        var moved = Span((await TraceAsync(batch, "", options => options with { ClockSkewMax = TimeSpan.FromSeconds(1) })).GetProperty("spans"), "0000000000000002");
        Assert.Equal("This span's timestamps were adjusted by 13ms", moved.GetProperty("warnings")[0].GetString());
        Assert.Equal(14_000, moved.GetProperty("startTime").GetInt64());
        Assert.Equal(14_500, moved.GetProperty("logs")[0].GetProperty("timestamp").GetInt64());
    }

    static JsonElement Span(JsonElement spans, string id) => spans.EnumerateArray().Single(span => span.GetProperty("spanID").GetString() == id);

    static async Task<JsonElement> TraceAsync(SpanBatch batch, string query, Func<QueryOptions, QueryOptions>? change = null)
    {
        await using var server = await ServerUnderTest.StartAsync(change: options => change is null ? options : options with { Query = change(options.Query) });
        await server.Store.AppendAsync(batch, default);
        var (_, body) = await server.GetJsonAsync($"/api/traces/{batch.Spans.TraceIds[0]}{query}");
        return body.GetProperty("data")[0];
    }

    static JsonElement? Find(JsonElement at, ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
            return at;
        if (path[0] == "*")
        {
            var name = path[1];
            return JsonElement.Parse("[" + string.Join(',', at.EnumerateArray().Select(element => element.GetProperty(name).GetRawText())) + "]");
        }

        if (at.ValueKind == JsonValueKind.Array)
            return Find(at[int.Parse(path[0], System.Globalization.CultureInfo.InvariantCulture)], path[1..]);
        return at.TryGetProperty(path[0], out var next) ? Find(next, path[1..]) : null;
    }

    static string Compact(JsonElement element) => element.GetRawText();
}
