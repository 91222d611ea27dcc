using Google.Protobuf;

namespace Clew.Otlp.Tests.Zipkin;

/// <summary>Both readers against Google's parser and a mapping of its own. CLEW_ZIPKIN_SEED repeats a run.</summary>
public sealed class ZipkinOracleTests
{
    const int ListCount = 2_000;

    [Fact]
    public void Protobuf_means_what_Googles_parser_makes_of_it() => ForAll((_, list) =>
    {
        var request = list.ToByteArray();
        var (batch, report) = ZipkinCodec.FromProtobuf(request);
        Assert.Equal((list.Spans.Count, 0, 0), (report.SpanCount, report.RejectedSpanCount, report.RepairedStringCount));
        Assert.Equal(ZipkinOracle.Describe(global::Zipkin.Proto3.ListOfSpans.Parser.ParseFrom(request)), ZipkinOracle.Describe(batch));
    });

    [Fact]
    public void JSON_means_the_same_in_every_spelling() => ForAll((generator, list) =>
    {
        var (batch, report) = ZipkinCodec.FromJson(generator.Json(list));
        Assert.Equal((list.Spans.Count, 0, 0), (report.SpanCount, report.RejectedSpanCount, report.RepairedStringCount));
        Assert.Equal(ZipkinOracle.Describe(list), ZipkinOracle.Describe(batch));
    });

    [Fact]
    public void Spans_of_one_endpoint_share_a_resource_and_those_of_one_instrumentation_a_scope() => ForAll((_, list) =>
    {
        list.Spans.Add(list.Spans.Select(span => span.Clone()).ToArray());
        var (batch, _) = ZipkinCodec.FromProtobuf(list.ToByteArray());
        for (var row = 0; row < batch.SpanCount / 2; row++)
            Assert.Equal(batch.Spans.Scopes[row], batch.Spans.Scopes[row + batch.SpanCount / 2]);
        Assert.InRange(batch.Resources.Count, 1, batch.SpanCount / 2);
        Assert.Equal(batch.Scopes.Resources.Values.ToArray().Distinct().Count(), batch.Resources.Count);
    });

    static void ForAll(Action<ZipkinGenerator, global::Zipkin.Proto3.ListOfSpans> property)
    {
        var seed = Seeds.Of("CLEW_ZIPKIN_SEED");
        for (var number = 0; number < ListCount; number++)
        {
            var generator = new ZipkinGenerator(new Random(unchecked(seed + (number * 7919))));
            try
            {
                property(generator, generator.List());
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"CLEW_ZIPKIN_SEED={seed}, list {number}: {failure.Message}", failure);
            }
        }
    }
}
