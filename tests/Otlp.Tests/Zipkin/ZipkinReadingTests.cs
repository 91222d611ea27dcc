using System.Text;
using Clew.Model;
using Clew.Otlp.Zipkin;

namespace Clew.Otlp.Tests.Zipkin;

/// <summary>What the two forms of a Zipkin span mean, one fact at a time.</summary>
public sealed class ZipkinReadingTests
{
    const string Identity = "\"traceId\":\"a1\",\"id\":\"b2\"";
    static readonly byte[] ThreeServices = Encoding.UTF8.GetBytes(
        """
        [{"traceId":"a1","id":"b2"},{"traceId":"a1","id":"b2","localEndpoint":{"serviceName":"b"}},{"traceId":"a1","id":"b2","localEndpoint":{"serviceName":"c"}}]
        """);

    [Theory]
    [InlineData("00000000000000A1", "00000000000000B2", "000000000000000000000000000000a1", "00000000000000b2")]
    [InlineData("a1", "b2", "000000000000000000000000000000a1", "00000000000000b2")]
    [InlineData("463AC35C9F6413AD48485A3953BB6124", "48485a3953bb6124", "463ac35c9f6413ad48485a3953bb6124", "48485a3953bb6124")]
    [InlineData("1463ac35c9f6413ad", "1", "0000000000000001463ac35c9f6413ad", "0000000000000001")]
    public void Ids_are_taken_in_either_case_and_padded_on_the_left(string traceId, string id, string expectedTrace, string expectedSpan)
    {
        var (batch, _) = ZipkinCodec.FromJson(Encoding.UTF8.GetBytes($$"""[{"traceId":"{{traceId}}","id":"{{id}}"}]"""));
        Assert.Equal((expectedTrace, expectedSpan), (batch.Spans.TraceIds[0].ToString(), batch.Spans.SpanIds[0].ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"parentId\":null")]
    [InlineData("\"parentId\":\"\"")]
    [InlineData("\"parentId\":\"0000000000000000\"")]
    [InlineData("\"parentId\":\"00000000000000B2\"")]
    public void A_parent_that_is_absent_or_zero_or_the_span_itself_is_none(string field) => Assert.True(One(field).Spans.ParentSpanIds[0].IsAbsent);

    [Theory]
    [InlineData("\"timestamp\":1700000000000001,\"duration\":1431", 1_700_000_000_000_001_000, 1_700_000_000_001_432_000)]
    [InlineData("\"timestamp\":\"1700000000000001\",\"duration\":\"1431\"", 1_700_000_000_000_001_000, 1_700_000_000_001_432_000)]
    [InlineData("\"timestamp\":1.700000000000001e15,\"duration\":0.2", 1_700_000_000_000_001_000, 1_700_000_000_000_002_000)]
    [InlineData("\"timestamp\":5.9,\"duration\":0", 5_000, 5_000)]
    [InlineData("\"timestamp\":5,\"duration\":-3", 5_000, 5_000)]
    [InlineData("\"timestamp\":0,\"duration\":7", 1_800_000_000_000_000_000, 1_800_000_000_000_007_000)]
    [InlineData("\"annotations\":[{\"timestamp\":9,\"value\":\"b\"},{\"timestamp\":8,\"value\":\"a\"},{\"value\":\"c\"}]", 8_000, 8_000)]
    [InlineData("\"timestamp\":18446744073709551615,\"duration\":9", ulong.MaxValue, ulong.MaxValue)]
    public void Times_are_microseconds_and_what_is_missing_is_taken_from_elsewhere(string fields, ulong start, ulong end)
    {
        var batch = One(fields);
        Assert.Equal((start, end), (batch.Spans.Starts[0].Value, batch.Spans.Ends[0].Value));
    }

    [Theory]
    [InlineData("\"kind\":\"CLIENT\"", SpanKind.Client)]
    [InlineData("\"kind\":\"SERVER\"", SpanKind.Server)]
    [InlineData("\"kind\":\"PRODUCER\"", SpanKind.Producer)]
    [InlineData("\"kind\":\"CONSUMER\"", SpanKind.Consumer)]
    [InlineData("\"kind\":\"NEWER\"", SpanKind.Internal)]
    [InlineData("\"kind\":null", SpanKind.Internal)]
    public void Kinds_are_named_and_none_is_internal(string field, SpanKind kind) => Assert.Equal(kind, One(field).Spans.Kinds[0]);

    [Theory]
    [InlineData("", StatusCode.Unset, "")]
    [InlineData("\"error\":\"\"", StatusCode.Error, "")]
    [InlineData("\"error\":\"boom\"", StatusCode.Error, "boom")]
    [InlineData("\"error\":\"true\"", StatusCode.Error, "true")]
    [InlineData("\"error\":true", StatusCode.Error, "true")]
    [InlineData("\"error\":\"false\"", StatusCode.Unset, "", "error=false")]
    [InlineData("\"otel.status_code\":\"OK\"", StatusCode.Ok, "")]
    [InlineData("\"otel.status_code\":\"ERROR\"", StatusCode.Error, "")]
    [InlineData("\"error\":\"boom\",\"otel.status_code\":\"ERROR\"", StatusCode.Error, "boom")]
    [InlineData("\"error\":\"boom\",\"otel.status_code\":\"OK\"", StatusCode.Ok, "", "error=boom")]
    [InlineData("\"otel.status_code\":\"ERROR\",\"otel.status_description\":\"why\"", StatusCode.Error, "why")]
    [InlineData("\"otel.status_code\":\"odd\"", StatusCode.Unset, "", "otel.status_code=odd")]
    public void Tags_tell_the_status(string tags, StatusCode status, string message, string attributes = "")
    {
        var batch = One($"\"tags\":{{{tags}}}");
        Assert.Equal((status, message, attributes), (batch.Spans.Statuses[0], batch.Strings.GetString(batch.Spans.StatusMessages[0]), Attributes(batch)));
    }

    [Fact]
    public void Tags_of_OpenTelemetry_become_fields_again()
    {
        var batch = One(
            """
            "localEndpoint":{"serviceName":"Shop"},"tags":{"service.name":"Shop","otel.scope.name":"lib","otel.scope.version":"1.2","w3c.tracestate":"a=b",
            "otel.dropped_attributes_count":"3","otel.dropped_events_count":"4","otel.dropped_links_count":"5","n":7,"none":null}
            """);
        var span = batch.Spans[0];
        Assert.Equal(("lib", "1.2"), (batch.Strings.GetString(batch.Scopes.Names[0]), batch.Strings.GetString(batch.Scopes.Versions[0])));
        Assert.Equal("a=b", batch.Strings.GetString(span.TraceState));
        Assert.Equal((3U, 4U, 5U), (span.DroppedAttributeCount, span.DroppedEventCount, span.DroppedLinkCount));
        Assert.Equal(("Shop", "n=7"), (ServiceName.Of(batch, 0), Attributes(batch)));
    }

    [Theory]
    [InlineData("plain", "plain", "")]
    [InlineData("\"cache miss\": {\"key\":\"k\",\"n\":1,\"share\":0.5,\"hit\":false,\"none\":null}", "cache miss", "key=k n=1 share=0.5 hit=false none=")]
    [InlineData("\"a\\\"b\\u00e9\": {\"list\":[1,[2,\"x\"],{\"deep\":[]}],\"map\":{\"k\":\"v\"}}", "a\"bé", "list=[1,[2,\"x\"],{\"deep\":[]}] map={\"k\":\"v\"}")]
    [InlineData("retry: {\"attempt\": 2}", "retry", "attempt=2")]
    [InlineData("retry: {}", "retry: {}", "")]
    [InlineData("retry: {broken}", "retry: {broken}", "")]
    [InlineData("retry: {\"a\":1,}", "retry: {\"a\":1,}", "")]
    [InlineData("retry: {\"a\":01}", "retry: {\"a\":01}", "")]
    [InlineData("{\"a\":1}", "{\"a\":1}", "")]
    [InlineData("", "", "")]
    public void An_annotation_is_an_event_whose_text_may_carry_attributes(string value, string name, string attributes)
    {
        var json = System.Text.Json.JsonEncodedText.Encode(value);
        var batch = One($"\"annotations\":[{{\"timestamp\":5,\"value\":\"{json}\"}}]");
        Assert.Equal((5_000UL, name), (batch.Events.Times[0].Value, batch.Strings.GetString(batch.Events.Names[0])));
        Assert.Equal(attributes, Text(batch, batch.Events.Attributes, 0));
    }

    [Fact]
    public void An_annotation_that_lies_deeper_than_eight_levels_stays_text()
    {
        static string Nested(int depth) => $"e: {string.Concat(Enumerable.Repeat("{\"k\":", depth))}1{new string('}', depth)}";
        static int AttributesOf(string value) =>
            One($"\"annotations\":[{{\"value\":\"{System.Text.Json.JsonEncodedText.Encode(value)}\"}}]").Events.Attributes.Count;
        Assert.Equal((1, 0, 0), (AttributesOf(Nested(8)), AttributesOf(Nested(9)), AttributesOf(Nested(5_000))));
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "{}", "The request at byte 0: an object where an array of spans is expected." },
        { "null", "The request at byte 0: null where an array of spans is expected." },
        { "[7]", "[0] at byte 1: a number where an object is expected." },
        { "[{\"traceId\":7}]", "[0].traceId at byte 12: a number where hexadecimal text is expected." },
        { "[{},{\"timestamp\":\"x\"}]", "[1].timestamp at byte 17: 'x' is not a number of microseconds." },
        { "[{\"timestamp\":1e40}]", "[0].timestamp at byte 14: '1e40' is not a number of microseconds." },
        { "[{\"duration\":true}]", "[0].duration at byte 13: a boolean where a number of microseconds is expected." },
        { "[{\"localEndpoint\":{\"port\":65536}}]", "[0].localEndpoint.port at byte 26: 65536 is not a port; expected 0 to 65535." },
        { "[{\"tags\":{\"a\":\"b\",\"c\":[1]}}]", "[0].tags at byte 22: tag 'c' is an array; expected a string." },
        { "[{\"tags\":[]}]", "[0].tags at byte 9: an array where an object is expected." },
        { "[{\"annotations\":[{\"value\":{}}]}]", "[0].annotations[0].value at byte 26: an object where a string is expected." },
        { "[{\"name\":\"a\"", "[0].name at byte 12: Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that should be closed." },
    };

    [Theory, MemberData(nameof(Refusals))]
    public void What_is_malformed_is_refused_with_field_place_and_expectation(string json, string message) =>
        Assert.Equal(message, ZipkinCodec.RefusalOfJson(Encoding.UTF8.GetBytes(json)).Message);

    [Fact]
    public void Malformed_protobuf_is_refused_with_field_and_place()
    {
        var span = Wire.Bytes(1, [Wire.Bytes(1, [Wire.TraceIdBytes]), Wire.Bytes(9, [Wire.Bytes(1, ["x"u8.ToArray()]), Wire.Varint(4, 65_536)])]);
        Assert.Equal("spans[0].remote_endpoint.port at byte 25: 65536 is not a port; expected 0 to 65535.", ZipkinCodec.RefusalOfProtobuf(span).Message);
        Assert.Equal("spans[0].tags[0].value at byte 5: length 9 overruns the 1 bytes that are left.", ZipkinCodec.RefusalOfProtobuf([0x0A, 5, 0x5A, 3, 0x12, 9, 1]).Message);
    }

    public static TheoryData<string, string> Rejections => new()
    {
        { "{}", "[1].traceId at byte 27: is missing; expected 16 or 32 hexadecimal digits that are not all zero." },
        { "{\"id\":\"1\",\"traceId\":\"000\"}", "[1].traceId at byte 47: is zero; expected 16 or 32 hexadecimal digits that are not all zero." },
        { "{\"id\":\"1\",\"traceId\":\"x\"}", "[1].traceId at byte 47: is not hexadecimal; expected 16 or 32 hexadecimal digits that are not all zero." },
        { "{\"traceId\":\"1\",\"id\":\"12345678901234567\"}", "[1].id at byte 47: has 17 digits; expected 16 hexadecimal digits that are not all zero." },
        { "{\"traceId\":\"1\",\"id\":\"1\",\"parentId\":\"nine\"}", "[1].parentId at byte 62: is not hexadecimal; expected 16 hexadecimal digits, or none for a root." },
    };

    [Theory, MemberData(nameof(Rejections))]
    public void A_span_with_a_bad_identity_is_left_out_alone(string bad, string message)
    {
        var good = "{\"traceId\":\"1\",\"id\":\"12\"}";
        var (batch, report) = ZipkinCodec.FromJson(Encoding.UTF8.GetBytes($"[{good},{bad},{good}]"));
        Assert.Equal((2, 2, 1, message), (batch.SpanCount, report.SpanCount, report.RejectedSpanCount, report.FirstRejection));
    }

    [Theory]
    [InlineData("0A03010203 1A08A1A2A3A4A5A6A7A8", "spans[0].trace_id at byte 2: has 3 bytes; expected 8 or 16 bytes that are not all zero.")]
    [InlineData("0A080000000000000000 1A08A1A2A3A4A5A6A7A8", "spans[0].trace_id at byte 2: is 8 zero bytes; expected 8 or 16 bytes that are not all zero.")]
    [InlineData("0A080102030405060708", "spans[0].id at byte 2: is missing; expected 8 bytes that are not all zero.")]
    [InlineData("0A080102030405060708 1A08A1A2A3A4A5A6A7A8 120101", "spans[0].parent_id at byte 22: has 1 bytes; expected 8 bytes, or none for a root.")]
    public void The_same_holds_for_protobuf(string hex, string message)
    {
        var (batch, report) = ZipkinCodec.FromProtobuf(Wire.Bytes(1, [Convert.FromHexString(hex.Replace(" ", ""))]));
        Assert.Equal((0, 1, message), (batch.SpanCount, report.RejectedSpanCount, report.FirstRejection));
    }

    [Fact]
    public void Limits_are_named()
    {
        Assert.Equal("[2] at byte 91: the request has more than 2 of them, the limit SpanCountMax.", ZipkinCodec.RefusalOfJson(ThreeServices, new OtlpLimits { SpanCountMax = 2 }).Message);
        Assert.Contains("more than 2 different local endpoints, the limit ResourceCountMax", ZipkinCodec.RefusalOfJson(ThreeServices, new OtlpLimits { ResourceCountMax = 2 }).Message, StringComparison.Ordinal);
        Assert.Contains("more than 1 different instrumentations, the limit ScopeCountMax", ZipkinCodec.RefusalOfJson(ThreeServices, new OtlpLimits { ScopeCountMax = 1 }).Message, StringComparison.Ordinal);
        var empty = Wire.Bytes(1, Enumerable.Repeat(Wire.Bytes(10, []), 100_000));
        Assert.EndsWith("the limit RowBytesPerRequestByteMax.", ZipkinCodec.RefusalOfProtobuf(empty).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_is_not_UTF_8_is_repaired_and_counted()
    {
        byte[] broken = [0x61, 0xFF];
        var (batch, report) = ZipkinCodec.FromProtobuf(Wire.Bytes(1, [Wire.Bytes(1, [Wire.TraceIdBytes]), Wire.Bytes(3, [Wire.SpanIdBytes]), Wire.Bytes(5, [broken])]));
        Assert.Equal((1, "a\uFFFD"), (report.RepairedStringCount, batch.Strings.GetString(batch.Spans.Names[0])));
        Assert.Equal(2, ZipkinCodec.FromJson("""[{"traceId":"a1","id":"b2","name":"\ud83e","tags":{"k":"\ud83e"}}]"""u8).Report.RepairedStringCount);
    }

    [Fact]
    public void A_batch_used_before_takes_the_same_request_again_with_no_more_than_its_endpoints()
    {
        byte[] request = Wire.Join(Enumerable.Range(0, 500).Select(at => Wire.Bytes(1, [
            Wire.Bytes(1, [Wire.TraceIdBytes]), Wire.Bytes(3, [Wire.SpanIdBytes]), Wire.Text(5, $"name {at % 7}"), Wire.Bytes(8, [Wire.Text(1, "shop")]),
            Wire.Bytes(11, [Wire.Text(1, "key"), Wire.Text(2, $"value {at % 50}")])])));
        var batch = new SpanBatch();
        Assert.True(ZipkinProtobufReader.TryRead(request, OtlpLimits.Default, default, null, batch, out _, out _));
        batch.Clear();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(ZipkinProtobufReader.TryRead(request, OtlpLimits.Default, default, null, batch, out _, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
    }

    static SpanBatch One(string fields)
    {
        var (batch, report) = ZipkinCodec.FromJson(Encoding.UTF8.GetBytes($"[{{{Identity}{(fields.Length > 0 ? "," : "")}{fields}}}]"));
        Assert.Equal((1, 0), (report.SpanCount, report.RejectedSpanCount));
        return batch;
    }

    // Without what every span has that came without a time or a duration.
    static string Attributes(SpanBatch batch) => string.Join(' ', Text(batch, batch.Spans.Attributes, 0).Split(' ').Where(text => !text.StartsWith("otel.zipkin.absentField.", StringComparison.Ordinal)));

    static string Text(SpanBatch batch, AttributeColumns columns, int owner) => string.Join(
        ' ',
        Enumerable.Range(columns[owner].Start, columns[owner].End - columns[owner].Start)
            .Select(at => $"{batch.Strings.GetString(columns.Keys[at])}={ValueText.Format(batch, columns.Values[at])}"));
}
