using System.Text;
using Clew.Model;

namespace Clew.Otlp.Tests;

public sealed class JsonReadingTests
{
    [Fact]
    public void The_example_of_the_specification_is_read()
    {
        var (batch, report) = Codec.FromJson("""
            {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"api"}}]},"scopeSpans":[{"scope":{"name":"lib"},
            "spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"a1a2a3a4a5a6a7a8","name":"op","kind":2,
            "startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000000500000",
            "attributes":[{"key":"n","value":{"intValue":"7"}},{"key":"l","value":{"arrayValue":{"values":[{"boolValue":true}]}}}],"status":{"code":2,"message":"x"}}]}]}]}
            """u8);
        Assert.Equal((1, 0), (report.SpanCount, report.RejectedSpanCount));
        var span = batch.Spans[0];
        Assert.Equal("0102030405060708090a0b0c0d0e0f10", span.TraceId.ToString());
        Assert.Equal("a1a2a3a4a5a6a7a8", span.SpanId.ToString());
        Assert.Equal((SpanKind.Server, StatusCode.Error), (span.Kind, span.Status));
        Assert.Equal(500_000UL, batch.Spans.DurationNanos(0));
        Assert.Equal(AnyValue.OfInt(7), batch.Spans.Attributes.Values[0]);
        Assert.Equal(AnyValue.OfBool(true), batch.Nested.Values[0]);
    }

    [Theory]
    [InlineData("""{"resource_spans":[{"scope_spans":[]}]}""", "resource_spans")]
    [InlineData("""{"resourceSpans":[],"\u0073pans":[1,{"a":2}],"more":1}""", "spans")]
    [InlineData("""{"resourceSpans":[]}""", null)]
    [InlineData("{}", null)]
    [InlineData("null", null)]
    public void An_unknown_key_of_a_request_without_spans_is_reported(string json, string? expected)
    {
        var (_, report) = Codec.FromJson(Encoding.UTF8.GetBytes(json));
        Assert.Equal((0, expected), (report.SpanCount, report.UnknownKey));
    }

    [Fact]
    public void An_unknown_key_beside_spans_is_legal() => Assert.Null(Codec.FromJson(Encoding.UTF8.GetBytes(
        """{"more":1,"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"a1a2a3a4a5a6a7a8"}]}]}]}""")).Report.UnknownKey);

    public static TheoryData<string, string> SameSpans => new()
    {
        // What a sender may write ⇒ what the writer makes of it.
        { """ "startTimeUnixNano":1700000000000000001 """, """ "startTimeUnixNano":"1700000000000000001" """ },
        { """ "startTimeUnixNano":1.7e18 """, """ "startTimeUnixNano":"1700000000000000000" """ },
        { """ "startTimeUnixNano":"18446744073709551615" """, """ "startTimeUnixNano":"18446744073709551615" """ },
        { """ "kind":"SPAN_KIND_SERVER" """, """ "kind":2 """ },
        { """ "kind":"3" """, """ "kind":3 """ },
        { """ "kind":99 """, """ "kind":0 """ },
        { """ "kind":"SPAN_KIND_NEW" """, """ "kind":0 """ },
        { """ "kind":-1 """, """ "kind":0 """ },
        { """ "status":{"code":"STATUS_CODE_ERROR"} """, """ "status":{"code":2} """ },
        { """ "status":{"code":3} """, "" },
        { """ "status":null,"attributes":null,"events":null,"links":null,"flags":null,"kind":null """, "" },
        { """ "flags":"257" """, """ "flags":257 """ },
        { """ "name":"esc\u0061ped \"\\\/\b\f\n\r\t\u00e4" """, """ "name":"escaped \"\\/\b\f\n\r\tä" """ },
        { """ "unknown":{"a":[1,{"traceId":"zz"}]},"trace_id":"ff","start_time_unix_nano":5 """, "" },
        { """ "parentSpanId":"" """, "" },
        { """ "parentSpanId":"0000000000000000" """, "" },
        { """ "parentSpanId":"A1B2C3D4E5F60708" """, """ "parentSpanId":"a1b2c3d4e5f60708" """ },
        { """ "attributes":[{"key":"k"}] """, """ "attributes":[{"key":"k","value":{}}] """ },
        { """ "attributes":[{"value":{"intValue":5},"key":"k"}] """, """ "attributes":[{"key":"k","value":{"intValue":"5"}}] """ },
        { """ "attributes":[{"key":"k","value":null}] """, """ "attributes":[{"key":"k","value":{}}] """ },
        { """ "attributes":[{"key":"k","value":{"stringValue":"a","intValue":-9223372036854775808}}] """, """ "attributes":[{"key":"k","value":{"intValue":"-9223372036854775808"}}] """ },
        { """ "attributes":[{"key":"k","value":{"doubleValue":"-Infinity"}}] """, """ "attributes":[{"key":"k","value":{"doubleValue":"-Infinity"}}] """ },
        { """ "attributes":[{"key":"k","value":{"doubleValue":"1.5"}}] """, """ "attributes":[{"key":"k","value":{"doubleValue":1.5}}] """ },
        { """ "attributes":[{"key":"k","value":{"doubleValue":3}}] """, """ "attributes":[{"key":"k","value":{"doubleValue":3}}] """ },
        { """ "attributes":[{"key":"k","value":{"bytesValue":"-_8"}}] """, """ "attributes":[{"key":"k","value":{"bytesValue":"+/8="}}] """ },
        { """ "attributes":[{"key":"k","value":{"bytesValue":"\/\/8="}}] """, """ "attributes":[{"key":"k","value":{"bytesValue":"//8="}}] """ },
        { """ "attributes":[{"key":"k","value":{"arrayValue":{}}}] """, """ "attributes":[{"key":"k","value":{"arrayValue":{"values":[]}}}] """ },
        {
            """ "attributes":[{"key":"k","value":{"arrayValue":{"values":[{},null,{"arrayValue":{"values":[{"intValue":1}]}}]}}}] """,
            """ "attributes":[{"key":"k","value":{"arrayValue":{"values":[{},{},{"arrayValue":{"values":[{"intValue":"1"}]}}]}}}] """
        },
        { """ "spanId":"\u00611a2a3a4a5a6a7a8" """, "" },
        { """ "tr\u0061ceState":"a=b" """, """ "traceState":"a=b" """ },
    };

    [Theory, MemberData(nameof(SameSpans))]
    public void Every_way_to_write_a_span_reads_the_same(string liberal, string strict)
    {
        var (left, report) = Codec.FromJson(Request(liberal));
        Assert.Equal(1, report.SpanCount);
        Assert.Equal(Encoding.UTF8.GetString(Codec.Json(Codec.FromJson(Request(strict)).Batch)), Encoding.UTF8.GetString(Codec.Json(left)));
    }

    [Fact]
    public void The_writer_leaves_out_defaults_and_keeps_what_every_reader_looks_for() => Assert.Equal(
        """{"resourceSpans":[{"resource":{},"scopeSpans":[{"scope":{},"spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"a1a2a3a4a5a6a7a8","name":"","kind":0,"startTimeUnixNano":"0","endTimeUnixNano":"0"}]}]}]}""",
        Encoding.UTF8.GetString(Codec.Json(Codec.FromJson(Request("")).Batch)));

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"resourceSpans":[]}""")]
    [InlineData("""{"resourceSpans":null,"other":[[[]]]}""")]
    [InlineData(" \r\n {} \n")]
    public void Documents_without_spans_are_empty_requests(string json) => Assert.Equal(0, Codec.FromJson(Encoding.UTF8.GetBytes(json)).Report.SpanCount);

    public static TheoryData<string, string> Malformed => new()
    {
        { "", "The request at byte 0: " },
        { "[]", "The request at byte 0: an array where an object is expected." },
        { "{} x", "The request at byte 3: " },
        { """{"resourceSpans":{}}""", "resourceSpans at byte 17: an object where an array is expected." },
        { """{"resourceSpans":[5]}""", "resourceSpans[0] at byte 18: a number where an object is expected." },
        { """{"resourceSpans":[{},{"schemaUrl":1}]}""", "resourceSpans[1].schemaUrl at byte 34: a number where a string is expected." },
        { """{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":7}]}]}]}""", "resourceSpans[0].scopeSpans[0].spans[0].traceId at byte 54: a number where hexadecimal text is expected." },
        { """{"resourceSpans":[{"scopeSpans":[{"spans":[{"kind":true}]}]}]}""", "resourceSpans[0].scopeSpans[0].spans[0].kind at byte 51: a boolean where a 64-bit number, as a number or text is expected." },
        { """{"resourceSpans":[{"scopeSpans":[{"spans":[{"startTimeUnixNano":"-5"}]}]}]}""", "resourceSpans[0].scopeSpans[0].spans[0].startTimeUnixNano at byte 64: '-5' is not an unsigned 64-bit number." },
        { """{"resourceSpans":[{"scopeSpans":[{"spans":[{"flags":4294967296}]}]}]}""", "resourceSpans[0].scopeSpans[0].spans[0].flags at byte 52: '4294967296' is not an unsigned 32-bit number." },
        { """{"resourceSpans":[{"scopeSpans":[{"spans":[{},{"attributes":[{"key":"k"},{"key":"b","value":{"intValue":1.5}}]}]}]}]}""", "resourceSpans[0].scopeSpans[0].spans[1].attributes[1].value.intValue at byte 104: '1.5' is not a 64-bit number." },
        { """{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"value":{"bytesValue":"a?=="}}]}]}]}]}""", "resourceSpans[0].scopeSpans[0].spans[0].attributes[0].value.bytesValue at byte 81: text that is not base64." },
        { """{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"value":{"boolValue":"true"}}]}]}]}]}""", "resourceSpans[0].scopeSpans[0].spans[0].attributes[0].value.boolValue at byte 80: a string where true or false is expected." },
        { """{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"value":{"doubleValue":"x"}}]}]}]}]}""", "resourceSpans[0].scopeSpans[0].spans[0].attributes[0].value.doubleValue at byte 82: 'x' is not a finite number, \"NaN\", \"Infinity\" or \"-Infinity\"." },
        { "{\"resourceSpans\":[\n{\"resource\":\n{\"attributes\": oops}}]}", "resourceSpans[0].resource.attributes at byte 47: 'o' is an invalid start of a value." },
        { """{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"x""", "resourceSpans[0].scopeSpans[0].spans[0].name at byte " },
    };

    [Theory, MemberData(nameof(Malformed))]
    public void Malformed_documents_are_answered_with_path_and_offset(string json, string expected)
    {
        Assert.False(ExportRequestJsonReader.TryRead(Encoding.UTF8.GetBytes(json), OtlpLimits.Default, new SpanBatch(), out _, out var error));
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arrays_nested_beyond_the_limit_are_refused_and_up_to_it_are_kept()
    {
        Assert.Equal(1, Codec.FromJson(Nested(64)).Report.SpanCount);
        Assert.False(ExportRequestJsonReader.TryRead(Nested(65), OtlpLimits.Default, new SpanBatch(), out _, out var error));
        Assert.EndsWith("arrays and maps lie deeper in each other than the 64 levels that the limit NestingMax allows.", error.Message, StringComparison.Ordinal);
        Assert.False(ExportRequestJsonReader.TryRead(Nested(100_000), OtlpLimits.Default, new SpanBatch(), out _, out _));

        static byte[] Nested(int levels) => Request($$"""
            "attributes":[{"key":"k","value":{{string.Concat(Enumerable.Repeat("""{"kvlistValue":{"values":[{"value":""", levels))}}{}{{string.Concat(Enumerable.Repeat("}]}}", levels))}}}]
            """);
    }

    [Fact]
    public void More_than_a_limit_is_refused_with_its_name_and_value()
    {
        byte[] json = [.. """{"resourceSpans":[{"scopeSpans":[{"spans":["""u8, .. Span(""), (byte)',', .. Span(""), .. """]},{}]},{}]}"""u8];
        Assert.Contains("spans[1] at byte", Refused(new OtlpLimits { SpanCountMax = 1 }), StringComparison.Ordinal);
        Assert.Contains("more than 1 of them, the limit SpanCountMax", Refused(new OtlpLimits { SpanCountMax = 1 }), StringComparison.Ordinal);
        Assert.Contains("more than 1 of them, the limit ScopeCountMax", Refused(new OtlpLimits { ScopeCountMax = 1 }), StringComparison.Ordinal);
        Assert.Contains("more than 1 of them, the limit ResourceCountMax", Refused(new OtlpLimits { ResourceCountMax = 1 }), StringComparison.Ordinal);

        string Refused(OtlpLimits limits)
        {
            Assert.False(ExportRequestJsonReader.TryRead(json, limits, new SpanBatch(), out _, out var error));
            return error.Message;
        }
    }

    static byte[] Request(string fields) => [.. """{"resourceSpans":[{"scopeSpans":[{"spans":["""u8, .. Span(fields), .. "]}]}]}"u8];

    static byte[] Span(string fields) => Encoding.UTF8.GetBytes(
        $$"""{"traceId":"0102030405060708090A0b0c0d0e0f10","spanId":"a1a2a3a4a5a6a7a8"{{(string.IsNullOrWhiteSpace(fields) ? "" : ",")}}{{fields}}}""");
}
