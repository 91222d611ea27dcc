using System.Text;
using Google.Protobuf;

namespace Clew.Otlp.Tests;

public sealed class JsonRoundTripTests
{
    [Fact]
    public void What_is_written_as_JSON_and_read_again_is_the_same_in_protobuf()
    {
        var seed = Seeds.Of("CLEW_ROUNDTRIP_SEED");
        for (var round = 0; round < 2_000; round++)
        {
            var (batch, _) = Codec.FromProtobuf(new RequestGenerator(new Random(seed + round)).Request());
            var json = Codec.Json(batch);
            var (read, report) = Codec.FromJson(json);
            Assert.Equal(0, report.RepairedStringCount);
            Assert.True(
                Codec.Protobuf(batch).AsSpan().SequenceEqual(Codec.Protobuf(read)), $"CLEW_ROUNDTRIP_SEED={seed} round {round}\n{Encoding.UTF8.GetString(json)}");
        }
    }

    // Google's parser reads what OTLP/JSON shares with the standard mapping: all but the identities, which OTLP writes in hexadecimal.
    [Fact]
    public void Apart_from_identities_the_JSON_is_what_Google_Protobuf_reads()
    {
        var seed = Seeds.Of("CLEW_ROUNDTRIP_SEED");
        for (var round = 0; round < 500; round++)
        {
            var request = Codec.Protobuf(Codec.FromProtobuf(new RequestGenerator(new Random(seed + round)).Request()).Batch);
            var expected = WithoutIdentities(request);
            var read = OpenTelemetry.Proto.Collector.Trace.V1.ExportTraceServiceRequest.Parser.ParseJson(
                Encoding.UTF8.GetString(Codec.Json(Codec.FromProtobuf(request).Batch)));
            var actual = WithoutIdentities(read.ToByteArray());
            Assert.True(expected.Equals(actual), $"CLEW_ROUNDTRIP_SEED={seed} round {round}\nexpected {expected}\nactual   {actual}");
        }
    }

    static OpenTelemetry.Proto.Collector.Trace.V1.ExportTraceServiceRequest WithoutIdentities(byte[] request)
    {
        var message = Oracle.Parse(request);
        foreach (var span in message.ResourceSpans.SelectMany(resource => resource.ScopeSpans).SelectMany(scope => scope.Spans))
        {
            span.TraceId = span.SpanId = span.ParentSpanId = ByteString.Empty;
            foreach (var link in span.Links)
                link.TraceId = link.SpanId = ByteString.Empty;
        }

        return message;
    }
}
