using System.Buffers;
using Clew.Model;

namespace Clew.Otlp.Tests;

public sealed class ProtobufRoundTripTests
{
    [Fact]
    public void What_is_decoded_and_encoded_again_is_what_Google_Protobuf_reads()
    {
        var seed = Seeds.Of("CLEW_ROUNDTRIP_SEED");
        var spanCount = 0;
        for (var round = 0; round < 3_000; round++)
        {
            var request = new RequestGenerator(new Random(seed + round)).Request();
            var expected = Oracle.Parse(request);
            var batch = new SpanBatch();
            Assert.True(
                ExportRequestReader.TryRead(request, OtlpLimits.Default, batch, out var report, out var error),
                $"CLEW_ROUNDTRIP_SEED={seed} round {round}: {error?.Message}");
            spanCount += report.SpanCount;
            Assert.Equal(0, report.RejectedSpanCount + report.RepairedStringCount);
            var encoded = new ArrayBufferWriter<byte>();
            ExportRequestWriter.Write(batch, encoded);
            Assert.True(
                expected.Equals(Oracle.Parse(encoded.WrittenSpan)),
                $"CLEW_ROUNDTRIP_SEED={seed} round {round}\nexpected {expected}\nactual   {Oracle.Parse(encoded.WrittenSpan)}");
        }

        Assert.True(spanCount > 3_000, $"CLEW_ROUNDTRIP_SEED={seed} made {spanCount} spans only.");
    }
}
