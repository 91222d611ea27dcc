using System.Net;
using System.Text;
using System.Text.Json;
using Clew.Model;
using OpenTelemetry.Proto.Trace.V1;
using Tempo.Proto;

namespace Clew.Server.Tests;

/// <summary>Traces by id, in both versions of the API and both encodings.</summary>
public sealed class TempoTraceTests
{
    const string Protobuf = "application/protobuf";

    [Theory]
    [InlineData("a1")]
    [InlineData("A1")]
    [InlineData("00000000000000a1")]
    [InlineData("000000000000000000000000000000A1")]
    public async Task Version_1_answers_protobuf_to_who_accepts_it(string id)
    {
        var (status, type, body) = await TempoSample.GetAsync($"/api/traces/{id}", "application/json, application/protobuf");
        Assert.Equal((HttpStatusCode.OK, Protobuf), (status, type));
        var spans = SpansOf(TracesData.Parser.ParseFrom(body));
        Assert.Equal(["GET /cart", "reserve"], spans.Select(span => span.Name));
        Assert.Equal(TempoSample.One.ToString(), Convert.ToHexStringLower(spans[0].TraceId.Span));
        Assert.Equal((Status.Types.StatusCode.Error, "sold out"), (spans[1].Status.Code, spans[1].Status.Message));
        Assert.Equal("retry", spans[1].Events.Single().Name);
        Assert.Equal(TempoSample.Start + 2_000_000, spans[1].StartTimeUnixNano);
    }

    [Fact]
    public async Task Version_2_wraps_the_same_trace()
    {
        var (_, type, one) = await TempoSample.GetAsync("/api/traces/a1", Protobuf);
        var (status, _, two) = await TempoSample.GetAsync("/api/v2/traces/a1?start=1700000000&end=1700000001", Protobuf);
        Assert.Equal((HttpStatusCode.OK, Protobuf), (status, type));
        var answer = TraceByIDResponse.Parser.ParseFrom(two);
        Assert.Equal(TracesData.Parser.ParseFrom(one), answer.Trace);
        Assert.Equal(PartialStatus.Complete, answer.Status);
    }

    [Theory]
    [InlineData("*/*")]
    [InlineData("")]
    [InlineData("application/json")]
    public async Task Everybody_else_gets_jsonpb(string accept)
    {
        var (_, type, body) = await TempoSample.GetAsync("/api/traces/a1", accept);
        Assert.Equal("application/json", type);
        var batches = JsonElement.Parse(body).GetProperty("batches");
        JsonShape.AssertMatches(JsonShape.JsonpbResourceSpans, batches);
        Assert.Equal(
            """
            {"traceId":"AAAAAAAAAAAAAAAAAAAAoQ==","spanId":"AAAAAAAAABE=","name":"GET /cart","kind":"SPAN_KIND_SERVER","startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000009000000","attributes":[{"key":"http.status_code","value":{"intValue":"200"}},{"key":"cached","value":{"boolValue":true}},{"key":"ratio","value":{"doubleValue":0.5}},{"key":"a b/c","value":{"stringValue":"x y"}},{"key":"bytes","value":{"bytesValue":"AQI="}},{"key":"list","value":{"arrayValue":{"values":[{"stringValue":"p"},{"stringValue":"q"}]}}}]}
            """,
            SpanOf(batches, "GET /cart").GetRawText());
        Assert.Equal("""{"message":"sold out","code":"STATUS_CODE_ERROR"}""", SpanOf(batches, "reserve").GetProperty("status").GetRawText());
        Assert.Equal("SPAN_KIND_CLIENT", SpanOf(batches, "reserve").GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Version_2_names_the_list_after_its_field()
    {
        var answer = await TempoSample.GetJsonAsync("/api/v2/traces/a1");
        Assert.Equal(["trace"], answer.EnumerateObject().Select(member => member.Name));
        JsonShape.AssertMatches(JsonShape.JsonpbResourceSpans, answer.GetProperty("trace").GetProperty("resourceSpans"));
    }

    [Fact]
    public async Task What_is_zero_is_left_out()
    {
        var answer = await TempoSample.GetJsonAsync($"/api/traces/{TempoSample.Three}");
        Assert.Equal(["traceId", "spanId", "parentSpanId", "name", "startTimeUnixNano", "endTimeUnixNano"], SpanOf(answer.GetProperty("batches"), "tick").EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task A_value_is_written_even_when_it_is_zero()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.Store.AppendAsync(
            new Spans().Span(0x1, trace: TempoSample.One, attributes:
            [
                ("zero", 0), ("false", false), ("empty", ""), ("none", null), ("nan", double.NaN), ("down", double.NegativeInfinity), ("list", Array.Empty<object?>()),
                ("map", new (string, object?)[] { ("a", 0.0) }), ("nothing", Array.Empty<(string, object?)>()),
            ]).Batch,
            default);
        var (_, _, body) = await server.GetTempoAsync("/api/traces/a1");
        var batches = JsonElement.Parse(body).GetProperty("batches");
        JsonShape.AssertMatches(JsonShape.JsonpbResourceSpans, batches);
        Assert.Equal(
            """
            [{"key":"zero","value":{"intValue":"0"}},{"key":"false","value":{"boolValue":false}},{"key":"empty","value":{"stringValue":""}},{"key":"none","value":{}},{"key":"nan","value":{"doubleValue":"NaN"}},{"key":"down","value":{"doubleValue":"-Infinity"}},{"key":"list","value":{"arrayValue":{}}},{"key":"map","value":{"kvlistValue":{"values":[{"key":"a","value":{"doubleValue":0}}]}}},{"key":"nothing","value":{"kvlistValue":{}}}]
            """,
            SpanOf(batches, "op").GetProperty("attributes").GetRawText());
    }

    [Theory]
    [InlineData("/api/traces/ff")]
    [InlineData("/api/traces/0")]
    public async Task An_unknown_trace_is_nothing_in_version_1(string path)
    {
        var (status, _, body) = await TempoSample.GetAsync(path);
        Assert.Equal((HttpStatusCode.NotFound, 0), (status, body.Length));
    }

    [Theory]
    [InlineData("ff")]
    [InlineData("0")]
    public async Task An_unknown_trace_is_empty_in_version_2(string id)
    {
        var (status, _, body) = await TempoSample.GetAsync($"/api/v2/traces/{id}");
        Assert.Equal((HttpStatusCode.OK, """{"trace":{}}"""), (status, Encoding.UTF8.GetString(body)));
        var (_, _, message) = await TempoSample.GetAsync($"/api/v2/traces/{id}", Protobuf);
        var answer = TraceByIDResponse.Parser.ParseFrom(message);
        Assert.Empty(answer.Trace.ResourceSpans);
    }

    [Theory]
    [InlineData("start=0&end=0")]
    [InlineData("start=11&end=0")]
    [InlineData("start=0&end=11")]
    [InlineData("start=&end=")]
    public async Task A_time_of_zero_is_none(string times)
    {
        Assert.Equal(HttpStatusCode.OK, (await TempoSample.GetAsync($"/api/traces/a1?{times}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await TempoSample.GetAsync($"/api/v2/traces/a1?{times}")).Status);
    }

    [Theory]
    [InlineData("xyz", "can only contain hex characters")]
    [InlineData("a1-", "can only contain hex characters")]
    [InlineData("0x1", "can only contain hex characters")]
    [InlineData("%20a1", "can only contain hex characters")]
    [InlineData("000000000000000000000000000000000", "can't be larger than 128 bits")]
    [InlineData("a1?start=x", "invalid start")]
    [InlineData("a1?start=-1", "invalid start")]
    [InlineData("a1?end=4294967296", "invalid end")]
    [InlineData("a1?start=10&end=10", "start must be before end")]
    [InlineData("a1?start=11&end=10", "start must be before end")]
    public async Task A_bad_id_or_range_is_refused(string id, string expected)
    {
        await TempoSample.AssertRefusedAsync($"/api/traces/{id}", HttpStatusCode.BadRequest, expected);
        await TempoSample.AssertRefusedAsync($"/api/v2/traces/{id}", HttpStatusCode.BadRequest, expected);
    }

    [Theory]
    [InlineData("q={ name = \"reserve\" }", "reserve", true)]
    [InlineData("q={ name = \"reserve\" }&ancestor_depth=1", "GET /cart reserve", false)]
    [InlineData("q={ name = \"reserve\" }&keep_hierarchy=true", "GET /cart reserve", false)]
    [InlineData("q={ name = \"reserve\" }&keep_hierarchy=false", "reserve", true)]
    [InlineData("q={ name = \"GET /cart\" }", "GET /cart", true)]
    [InlineData("q={ name = \"GET /cart\" }&match_depth=-1", "GET /cart reserve", false)]
    [InlineData("q={ name = \"GET /cart\" }&match_depth=1&ancestor_depth=-1", "GET /cart reserve", false)]
    [InlineData("q={}", "GET /cart reserve", false)]
    [InlineData("q={ name = \"none\" }", "", true)]
    [InlineData("q={ childCount > 0 }", "!parse error", false)]
    [InlineData("q={ span:childCount > 0 }", "GET /cart", true)]
    public async Task Version_2_answers_with_the_spans_that_a_query_finds(string query, string expected, bool isPartial)
    {
        if (expected.StartsWith('!'))
        {
            await TempoSample.AssertRefusedAsync($"/api/v2/traces/a1?{query}", HttpStatusCode.BadRequest, expected[1..]);
            return;
        }

        var (_, _, body) = await TempoSample.GetAsync($"/api/v2/traces/a1?{query}", Protobuf);
        var answer = TraceByIDResponse.Parser.ParseFrom(body);
        Assert.Equal(expected, string.Join(' ', SpansOf(answer.Trace).Select(span => span.Name)));
        Assert.Equal(isPartial ? PartialStatus.Partial : PartialStatus.Complete, answer.Status);
        Assert.Equal(isPartial, answer.Message.Contains("of 2 spans are left out", StringComparison.Ordinal));
        var json = await TempoSample.GetJsonAsync($"/api/v2/traces/a1?{query}");
        Assert.Equal(isPartial, json.TryGetProperty("status", out var status) && status.GetString() == "PARTIAL");
    }

    [Theory]
    [InlineData("q={ .a = }", "parse error")]
    [InlineData("q={} | count() > 1", "conditions of one span")]
    [InlineData("q={} > {}", "conditions of one span")]
    [InlineData("q={} | rate()", "conditions of one span")]
    [InlineData("match_depth=-2", "invalid match_depth")]
    [InlineData("ancestor_depth=x", "invalid ancestor_depth")]
    [InlineData("keep_hierarchy=maybe", "invalid keep_hierarchy")]
    public Task A_part_that_means_nothing_is_refused(string query, string expected) =>
        TempoSample.AssertRefusedAsync($"/api/v2/traces/a1?{query}", HttpStatusCode.BadRequest, expected);

    [Fact]
    public async Task Client_and_server_that_share_a_span_id_become_two_spans()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.Store.AppendAsync(
            new Spans().Service("a").Span(0x1, kind: SpanKind.Client, trace: TempoSample.One)
                .Service("b").Span(0x1, kind: SpanKind.Server, start: 1_500_000, end: 2_000_000, trace: TempoSample.One).Batch,
            default);
        var (_, _, body) = await server.GetTempoAsync("/api/v2/traces/a1", Protobuf);
        var spans = SpansOf(TraceByIDResponse.Parser.ParseFrom(body).Trace);
        Assert.Equal(2, spans.Select(span => span.SpanId).Distinct().Count());
    }

    [Fact]
    public async Task A_long_trace_is_sent_whole()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var spans = new Spans();
        for (var id = 1UL; id <= 2_500; id++)
            spans.Span(id, trace: TempoSample.One);
        await server.Store.AppendAsync(spans.Batch, default);
        var (_, _, json) = await server.GetTempoAsync("/api/traces/a1");
        var (_, _, protobuf) = await server.GetTempoAsync("/api/traces/a1", Protobuf);
        var ids = from batch in JsonElement.Parse(json).GetProperty("batches").EnumerateArray()
                  from scope in batch.GetProperty("scopeSpans").EnumerateArray()
                  from span in scope.GetProperty("spans").EnumerateArray()
                  select span.GetProperty("spanId").GetString();
        Assert.Equal(2_500, ids.Distinct().Count());
        Assert.Equal(2_500, SpansOf(TracesData.Parser.ParseFrom(protobuf)).Length);
    }

    static OpenTelemetry.Proto.Trace.V1.Span[] SpansOf(TracesData trace) =>
        [.. trace.ResourceSpans.SelectMany(resource => resource.ScopeSpans).SelectMany(scope => scope.Spans)];

    static JsonElement SpanOf(JsonElement batches, string name) => (
        from batch in batches.EnumerateArray()
        from scope in batch.GetProperty("scopeSpans").EnumerateArray()
        from span in scope.GetProperty("spans").EnumerateArray()
        where span.GetProperty("name").GetString() == name
        select span).Single();
}
