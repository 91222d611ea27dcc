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
            var actual = Oracle.Parse(Codec.Protobuf(batch));
            Assert.True(expected.Equals(actual), $"CLEW_ROUNDTRIP_SEED={seed} round {round}\nexpected {expected}\nactual   {actual}");
        }

        Assert.True(spanCount > 3_000, $"CLEW_ROUNDTRIP_SEED={seed} made {spanCount} spans only.");
    }

    [Fact]
    public void A_batch_used_before_decodes_the_same_as_a_fresh_one()
    {
        var seed = Seeds.Of("CLEW_ROUNDTRIP_SEED");
        var reused = new SpanBatch();
        for (var round = 0; round < 300; round++)
        {
            var request = new RequestGenerator(new Random(seed + round)).Request();
            reused.Clear();
            Assert.True(ExportRequestReader.TryRead(request, OtlpLimits.Default, reused, out _, out _));
            Assert.True(
                Codec.Protobuf(Codec.FromProtobuf(request).Batch).AsSpan().SequenceEqual(Codec.Protobuf(reused)), $"CLEW_ROUNDTRIP_SEED={seed} round {round}");
        }
    }

    [Fact]
    public void Spans_out_of_scope_order_are_written_under_their_scopes()
    {
        var seed = Seeds.Of("CLEW_ROUNDTRIP_SEED");
        for (var round = 0; round < 300; round++)
        {
            var source = Codec.FromProtobuf(new RequestGenerator(new Random(seed + round)).Request()).Batch;
            var order = Enumerable.Range(0, source.SpanCount).ToArray();
            new Random(seed + round).Shuffle(order);
            var shuffled = new SpanBatch();
            var copier = new SpanCopier(shuffled);
            foreach (var row in order)
                copier.Copy(source, row);

            var read = Codec.FromProtobuf(Codec.Protobuf(shuffled)).Batch;
            Assert.Equal(source.SpanCount, read.SpanCount);
            for (var row = 0; row < source.SpanCount; row++)
            {
                Assert.True(
                    Enumerable.Range(0, read.SpanCount).Any(other => BatchEquality.SameSpan(source, row, read, other)),
                    $"CLEW_ROUNDTRIP_SEED={seed} round {round} row {row}");
            }
        }
    }
}
