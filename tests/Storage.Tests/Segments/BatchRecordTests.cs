using Clew.Model;
using Clew.Model.Tests;
using Clew.Storage.Columns;
using Clew.Storage.Segments;

namespace Clew.Storage.Tests.Segments;

public sealed class BatchRecordTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_batch_reads_back_as_it_was_written(int seed)
    {
        var batches = new RandomBatches(seed);
        for (var turn = 0; turn < 200; turn++)
        {
            var batch = batches.Next();
            var copy = BatchRecord.Decode(Encode(batch), "a file", 0);
            Assert.True(Batches.Same(batch, copy), $"seed {seed}, turn {turn}");
            Assert.Equal(Encode(batch), Encode(copy));
        }
    }

    [Fact]
    public void Whatever_bytes_are_decoded_the_result_is_a_well_formed_batch_or_a_corrupt_file()
    {
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var bytes = Encode(new RandomBatches(seed % 50).Next(8));
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            if (random.Next(4) == 0)
                bytes = bytes[..random.Next(bytes.Length)];
            try
            {
                var batch = BatchRecord.Decode(bytes, "a file", 0);
                // Well formed is what can be encoded again.
                Encode(batch);
                new SpanCopier(new SpanBatch()).CopyAll(batch);
            }
            catch (CorruptFileException corrupt)
            {
                Assert.InRange(corrupt.Offset, 0, bytes.Length);
            }
            catch (Exception other)
            {
                Assert.Fail($"seed {seed}: {other}");
            }
        }
    }

    [Fact]
    public void A_batch_that_is_not_well_formed_is_refused_before_anything_is_written()
    {
        var batch = new RandomBatches(1).Next();
        batch.Spans.Names.Writable[0] = batch.Strings.Count;
        Assert.Throws<InvalidOperationException>(() => Encode(batch));
    }

    static byte[] Encode(SpanBatch batch)
    {
        using var writer = new ByteWriter();
        BatchRecord.Encode(batch, writer);
        return writer.Written.ToArray();
    }
}
