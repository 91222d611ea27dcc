using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Columns;

namespace Clew.Storage.Tests;

public sealed class ColumnTests
{
    [Fact]
    public void A_number_column_reads_back_whatever_its_width()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var values = Values(random);
            using var bytes = new ByteWriter(16);
            NarrowColumn.Write(bytes, values, random.Next(2));
            var reader = new ByteReader(bytes.Written, "a file", 0);
            var read = new ulong[values.Length];
            NarrowColumn.Read(ref reader, read);
            reader.ExpectEnd();
            Assert.True(values.AsSpan().SequenceEqual(read), $"seed {seed}");
        }
    }

    [Fact]
    public void A_bit_column_reads_back_whatever_its_width()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var values = Values(random);
            var (smallest, largest) = NarrowColumn.Range(values);
            var bits = BitColumn.BitsOf(largest - smallest);
            if (bits is 0 or > BitColumn.BitsMax)
                continue;
            using var bytes = new ByteWriter(16);
            BitColumn.Write(bytes, values, smallest, bits);
            var reader = new ByteReader(bytes.Written, "a file", 0);
            var read = new ulong[values.Length];
            BitColumn.Read(ref reader, read);
            reader.ExpectEnd();
            Assert.True(values.AsSpan().SequenceEqual(read), $"seed {seed}, {bits} bits");
        }
    }

    [Fact]
    public void Zigzag_keeps_every_number()
    {
        foreach (var number in (long[])[0, -1, 1, long.MinValue, long.MaxValue, -123_456_789_012])
            Assert.Equal(number, ZigZag.Decode(ZigZag.Encode(number)));
    }

    [Fact]
    public void A_checksum_is_the_castagnoli_one() => Assert.Equal(0xE3069283u, Crc.Of("123456789"u8));

    [Fact]
    public void A_filter_misses_nothing_and_claims_little_too_much()
    {
        var random = new Random(1);
        var members = Enumerable.Range(0, 20_000).Select(_ => Hash(random)).ToArray();
        var filter = new BloomFilter(BloomFilter.Build(members));
        Assert.All(members, member => Assert.True(filter.MayContain(member)));
        Assert.InRange(Enumerable.Range(0, 100_000).Count(_ => filter.MayContain(Hash(random))), 0, 2_000);
        Assert.False(new BloomFilter(BloomFilter.Build([])).MayContain(1));
    }

    [Fact]
    public void Hashes_are_those_that_the_files_on_disk_were_made_with()
    {
        Assert.Equal("b21244db1c7eb82b", StableHash.Of(""u8).ToString("x16"));
        Assert.Equal("18ef0f40f7191f8e", StableHash.Of("a string of more than eight bytes"u8).ToString("x16"));
        Assert.Equal("b41f9f38452646c2", StableHash.Of(new TraceId(1, 2)).ToString("x16"));
    }

    static ulong Hash(Random random) => StableHash.Of(new TraceId((ulong)random.NextInt64(), (ulong)random.NextInt64()));

    static ulong[] Values(Random random)
    {
        var width = random.Next(65);
        var mask = width == 0 ? 0 : ulong.MaxValue >> (64 - width);
        var smallest = random.Next(2) == 0 ? 0 : (ulong)random.NextInt64() & ~mask;
        return [.. Enumerable.Range(0, random.Next(1, 200)).Select(_ => smallest + ((ulong)random.NextInt64(long.MinValue, long.MaxValue) & mask))];
    }
}
