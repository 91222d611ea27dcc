using System.Text;
using Clew.Model;

namespace Clew.Otlp.Tests;

/// <summary>Spans that cannot be kept, and text that cannot be kept as it is: the rest of the request is.</summary>
public sealed class RejectionTests
{
    const string GoodSpan = """{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"a1a2a3a4a5a6a7a8","name":"good"}""";

    public static TheoryData<string, int, int, int, string, int, string> BadSpans => new()
    {
        // The fields of a span ⇒ its counts, and the problem with the offset from the span's start.
        { "", 1, 0, 0, "trace_id", 0, "is missing; expected 16 bytes that are not all zero." },
        { "0A00 1208A1A2A3A4A5A6A7A8", 1, 0, 0, "trace_id", 0, "is missing; expected 16 bytes that are not all zero." },
        { "0A03010203 1208A1A2A3A4A5A6A7A8", 1, 0, 0, "trace_id", 0, "has 3 bytes; expected 16 bytes that are not all zero." },
        { "0A1000000000000000000000000000000000 1208A1A2A3A4A5A6A7A8", 1, 0, 0, "trace_id", 0, "is 16 zero bytes; expected 16 bytes that are not all zero." },
        { "0A1001020304050607080102030405060708", 0, 1, 0, "span_id", 0, "is missing; expected 8 bytes that are not all zero." },
        { "0A1001020304050607080102030405060708 12080000000000000000", 0, 1, 0, "span_id", 18, "is 8 zero bytes; expected 8 bytes that are not all zero." },
        { "0A1001020304050607080102030405060708 1208A1A2A3A4A5A6A7A8 220101", 0, 0, 1, "parent_span_id", 28, "has 1 bytes; expected 8 bytes, or none for a root." },
    };

    [Theory, MemberData(nameof(BadSpans))]
    public void A_span_with_a_bad_identity_is_left_out_alone(string hex, int traceIds, int spanIds, int parentIds, string field, int offset, string problem)
    {
        var bad = Wire.Bytes(2, [Convert.FromHexString(hex.Replace(" ", "")), Wire.Attribute(9, "k", [Wire.Bytes(5, [Wire.Bytes(1, [])])]), Wire.Bytes(11, []), Wire.Bytes(13, [])]);
        var good = Wire.Span([Wire.Text(5, "good!"), Wire.Attribute(9, "n", [Wire.Varint(3, 5)])]);
        var request = Wire.Request([good, bad, good]);
        var (batch, report) = Codec.FromProtobuf(request);
        Assert.Equal((2, traceIds, spanIds, parentIds), (report.SpanCount, report.InvalidTraceIdCount, report.InvalidSpanIdCount, report.InvalidParentIdCount));
        Assert.Equal(1, report.RejectedSpanCount);
        var start = request.AsSpan().IndexOf(bad) + 2; // Behind tag and length.
        Assert.Equal($"resource_spans[0].scope_spans[0].spans[1].{field} at byte {start + offset}: {problem}", report.FirstRejection);
        Assert.Equal(Codec.Protobuf(Codec.FromProtobuf(Wire.Request([good, good])).Batch), Codec.Protobuf(batch));
        Assert.Equal((0, 0, 0), (batch.Events.Count, batch.Links.Count, batch.Nested.Count));
    }

    [Fact]
    public void Only_the_first_rejection_is_described()
    {
        var (_, report) = Codec.FromProtobuf(Wire.Request([Wire.Bytes(2, []), Wire.Bytes(2, [Wire.Bytes(1, [Wire.TraceIdBytes])])]));
        Assert.Equal((0, 1, 1), (report.SpanCount, report.InvalidTraceIdCount, report.InvalidSpanIdCount));
        Assert.Contains("spans[0].trace_id", report.FirstRejection, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> BadJsonSpans => new()
    {
        { "{}", "traceId at byte 43: is missing; expected 32 hexadecimal digits that are not all zero." },
        { "null", "traceId at byte 43: is missing; expected 32 hexadecimal digits that are not all zero." },
        { """{"traceId":"0102"}""", "traceId at byte 54: has 4 digits; expected 32 hexadecimal digits that are not all zero." },
        { """{"traceId":"AQIDBAUGBwgBAgMEBQYHCA=="}""", "traceId at byte 54: is not hexadecimal; expected 32 hexadecimal digits that are not all zero." },
        { """{"traceId":"00000000000000000000000000000000"}""", "traceId at byte 54: is zero; expected 32 hexadecimal digits that are not all zero." },
        { """{"traceId":"0102030405060708090a0b0c0d0e0f10"}""", "spanId at byte 43: is missing; expected 16 hexadecimal digits that are not all zero." },
        {
            """{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708","parentSpanId":"1"}""",
            "parentSpanId at byte 132: has 1 digits; expected 16 hexadecimal digits, or none for a root."
        },
    };

    [Theory, MemberData(nameof(BadJsonSpans))]
    public void A_span_with_a_bad_identity_in_JSON_is_left_out_alone(string bad, string problem)
    {
        var (batch, report) = Codec.FromJson(Encoding.UTF8.GetBytes($$"""{"resourceSpans":[{"scopeSpans":[{"spans":[{{bad}},{{GoodSpan}}]}]}]}"""));
        Assert.Equal((1, 1), (report.SpanCount, report.RejectedSpanCount));
        Assert.Equal($"resourceSpans[0].scopeSpans[0].spans[0].{problem}", report.FirstRejection);
        Assert.Equal("good", batch.Strings.GetString(batch.Spans.Names[0]));
    }

    [Fact]
    public void Text_that_is_not_UTF_8_is_repaired_and_counted()
    {
        byte[] broken = [0x61, 0xFF, 0xE6, 0x97, 0x62];
        var (batch, report) = Codec.FromProtobuf(Wire.Request([Wire.Span(
            [Wire.Bytes(5, [broken]), Wire.Bytes(9, [Wire.Bytes(1, [broken]), Wire.Bytes(2, [Wire.Bytes(1, [broken])])]), Wire.Bytes(3, [broken])])]));
        Assert.Equal((1, 4), (report.SpanCount, report.RepairedStringCount));
        Assert.Equal("a\uFFFD\uFFFDb", batch.Strings.GetString(batch.Spans.Names[0]));
        Assert.Equal(batch.Spans.Names[0], batch.Spans.Attributes.Keys[0]);
    }

    [Fact]
    public void Bytes_are_never_repaired_even_where_equal_text_is()
    {
        byte[] broken = [0xFF, 0xFE];
        byte[] KeyValue(int valueCase) => Wire.Attribute(9, "k", [Wire.Bytes(valueCase, [broken])]);
        var (batch, report) = Codec.FromProtobuf(Wire.Request([Wire.Span([KeyValue(7), KeyValue(1), KeyValue(7)])]));
        Assert.Equal(1, report.RepairedStringCount);
        var values = batch.Spans.Attributes.Values;
        Assert.Equal(broken, batch.Strings[values[0].Code].ToArray());
        Assert.Equal("\uFFFD\uFFFD", batch.Strings.GetString(values[1].Code));
        Assert.Equal(values[0], values[2]);
    }

    [Fact]
    public void Repairs_in_spans_that_are_left_out_do_not_count()
    {
        var (_, report) = Codec.FromProtobuf(Wire.Request([Wire.Bytes(2, [Wire.Bytes(5, [[0xFF]])]), Wire.Span()]));
        Assert.Equal((1, 1, 0), (report.SpanCount, report.RejectedSpanCount, report.RepairedStringCount));
    }

    [Fact]
    public void A_lone_surrogate_in_JSON_is_repaired_and_counted()
    {
        var json = """{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"a1a2a3a4a5a6a7a8","name":"a\ud83ex\ude00 \ud83e\uddf6"}]}]}]}""";
        var (batch, report) = Codec.FromJson(Encoding.UTF8.GetBytes(json));
        Assert.Equal(1, report.RepairedStringCount);
        Assert.Equal("a\uFFFDx\uFFFD 🧶", batch.Strings.GetString(batch.Spans.Names[0]));
    }
}
