using System.Buffers.Binary;
using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Columns;
using Clew.Storage.Inspection;
using Clew.Storage.Tests.Buckets;
using Clew.Storage.Tests.Inspection;
using Clew.Storage.Tests.Simulation;

namespace Clew.Storage.Tests.Blocks;

/// <summary>Blocks whose checksums are right and whose numbers are anything: they cost their own spans, and neither memory nor another block's.</summary>
public sealed class HostileBlockTests
{
    /// <summary>For files of some hundred KiB.</summary>
    const long AllocatedBytesMax = 64L << 20;

    const int FirstFooterBytes = 300, NumbersPerPlace = 4, SeedCount = 150;

    static readonly ulong[] Bad = [0, 1, 4, 255, 1 << 16, int.MaxValue - 1, int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 32, long.MaxValue - 1, long.MaxValue, 1UL << 63, ulong.MaxValue];

    static readonly Lazy<FilledDisk> Filled = new(() => FilledDisk.Make(seed: 3, batchCount: 40));

    [Theory]
    [InlineData(1 << 20)]
    [InlineData(1 << 26)]
    public void Strings_that_directory_and_footer_agree_on_and_no_byte_backs_take_no_memory(int count)
    {
        var (block, index) = (Block(), IndexOf(Block()));
        var group = index.Groups[0];
        var from = new ByteReader(block.AsSpan((int)group.DirectoryOffset, group.DirectoryBytes - 4), "a directory", 0);
        using var directory = new ByteWriter();
        directory.WriteVarint((ulong)from.TakeCount(int.MaxValue));
        directory.WriteVarint((ulong)from.TakeCount(int.MaxValue));
        Assert.Equal(group.OwnStrings, from.TakeCount(int.MaxValue));
        from.TakeCount(int.MaxValue);
        directory.WriteVarint((ulong)count);
        directory.WriteVarint((ulong)count);
        directory.Write(from.Take(from.Remaining));
        AssertContained(WithDirectory(block, index, group with { OwnStrings = count }, directory.Written), $"{count} strings");
    }

    [Fact]
    public void Whatever_number_stands_in_a_footer_is_contained()
    {
        var (body, footer) = (BodyOf(Block()), FooterOf(Block()));
        // All of what stands once and of a row group, and some of the others.
        var places = Enumerable.Range(0, footer.Length).Where(at => at < FirstFooterBytes || at > footer.Length - 32 || at % 11 == 0);
        Parallel.ForEach(places, at =>
        {
            foreach (var number in new Random(at).GetItems((ulong[])[.. Bad, (ulong)body.Length, footer[at] ^ 1U], NumbersPerPlace))
            {
                var changed = footer.ToArray();
                BitConverter.GetBytes(number).AsSpan(0, number < 256 ? 1 : Math.Min(8, changed.Length - at)).CopyTo(changed.AsSpan(at));
                AssertContained(WithFooter(body, changed), $"{number} at {at} of the footer");
            }
        });
    }

    [Fact]
    public void Whatever_number_stands_in_a_directory_of_columns_is_contained() => Parallel.For(0, SeedCount, seed =>
    {
        var random = new Random(seed);
        var (block, index) = (Block(), IndexOf(Block()));
        var group = index.Groups[0];
        var directory = Mutated(block.AsSpan((int)group.DirectoryOffset, group.DirectoryBytes - 4), random, out var what);
        AssertContained(WithDirectory(block, index, group, directory), $"seed {seed}, directory: {what}");
    });

    [Fact]
    public void Whatever_number_stands_in_a_dictionary_is_contained() => Parallel.For(0, SeedCount, seed =>
    {
        var random = new Random(seed);
        var (block, index) = (Block(), IndexOf(Block()));
        var directory = Mutated(block.AsSpan((int)index.DictionaryOffset, index.DictionaryDirectoryBytes - 4), random, out var what);
        using var dictionary = new ByteWriter();
        dictionary.Write(directory);
        dictionary.WriteUInt32(Crc.Of(directory));
        var directoryBytes = dictionary.Count;
        dictionary.Write(block.AsSpan((int)index.DictionaryOffset + index.DictionaryDirectoryBytes, index.DictionaryBytes - index.DictionaryDirectoryBytes));
        var (body, offset) = WithPart(block, dictionary.Written);
        AssertContained(
            WithFooter(body, (index with { DictionaryOffset = offset, DictionaryBytes = dictionary.Count, DictionaryDirectoryBytes = directoryBytes }).ToBytes()),
            $"seed {seed}, dictionary: {what}");
    });

    [Theory]
    [InlineData("trace index table")]
    [InlineData("operations")]
    [InlineData("trace filter")]
    [InlineData("value index table")]
    [InlineData("shapes")]
    public void Whatever_stands_in_a_part_is_contained(string part) => Parallel.For(0, SeedCount, seed =>
    {
        var random = new Random(seed);
        var (block, index) = (Block(), IndexOf(Block()));
        var place = part switch
        {
            "trace index table" => index.TraceIndexTable,
            "operations" => index.Operations,
            "trace filter" => index.TraceFilter,
            "value index table" => index.ValueIndex.Table,
            _ => index.Shapes,
        };
        // Codecs that are not known are of a newer version, and no damage.
        byte[] chunk = [(byte)ChunkCodec.None, .. Mutated(block.AsSpan((int)place.Offset + ChunkPlace.BytesMin, place.Bytes - ChunkPlace.BytesMin), random, out var what)];
        using var stored = new ByteWriter();
        stored.WriteUInt32(Crc.Of(chunk));
        stored.Write(chunk);
        var (body, offset) = WithPart(block, stored.Written);
        var changed = new ChunkPlace(offset, stored.Count);
        var footer = part switch
        {
            "trace index table" => index with { TraceIndexTable = changed },
            "operations" => index with { Operations = changed },
            "trace filter" => index with { TraceFilter = changed },
            "value index table" => index with { ValueIndex = index.ValueIndex with { Table = changed } },
            _ => index with { Shapes = changed },
        };
        AssertContained(WithFooter(body, footer.ToBytes()), $"seed {seed}, {part}: {what}");
    });

    [Fact]
    public void Whatever_stands_in_a_page_of_the_value_index_is_contained() => Parallel.For(0, SeedCount, seed =>
    {
        var random = new Random(seed);
        var (block, index) = (Block(), IndexOf(Block()));
        // One page of so small a block is all pages.
        var first = block.AsSpan((int)index.ValueIndex.Offset, (int)(index.DirectoriesOffset - index.ValueIndex.Offset));
        var content = Mutated(first[ValueIndex.CrcBytes..], random, out var what);
        using var page = new ByteWriter();
        page.WriteUInt32(Crc.Of(content));
        page.Write(content);
        using var table = new ByteWriter();
        NarrowColumn.Write(table, [(ulong)page.Count]);
        var (pages, chunk) = (page.Count, new ByteWriter());
        using (chunk)
        using (var chunks = new ChunkWriter(ChunkCodec.None))
        {
            var place = chunks.WriteAlone(table.Written, chunk, FooterOffset(block) + pages);
            var (body, offset) = WithPart(block, [.. page.Written, .. chunk.Written]);
            AssertContained(WithFooter(body, (index with { ValueIndex = new ValueIndexPlace(offset, 1, place) }).ToBytes()), $"seed {seed}, page: {what}");
        }
    });

    [Theory]
    [InlineData(BlockCompression.Auto)]
    [InlineData(BlockCompression.Lz4)]
    public void A_chunk_that_claims_what_its_bytes_cannot_become_takes_no_memory(BlockCompression compression)
    {
        var codec = new StorageOptions { Compression = compression }.Codec;
        using var file = new BlockFile(new MemoryFile([]));
        // What compresses best is still believed.
        var content = new byte[20 << 20];
        var compressed = new byte[Lz4.BoundOf(content.Length)];
        compressed = compressed[..(codec == ChunkCodec.Zstd ? Zstd.Compress(content, compressed, 1) : Lz4.Compress(content, compressed))];
        using (var room = new ByteWriter())
            Assert.Equal(content, file.Unpack(Chunk(codec, content.Length, compressed), 0, room));
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var claimed in (int[])[content.Length + 1, 1 << 30])
        {
            using var room = new ByteWriter();
            Assert.Throws<CorruptFileException>(() => file.Unpack(Chunk(codec, claimed, compressed.AsSpan(0, Math.Min(compressed.Length, 200))), 0, room).Length);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    static byte[] Chunk(ChunkCodec codec, int rawBytes, ReadOnlySpan<byte> compressed)
    {
        using var rest = new ByteWriter();
        rest.WriteByte((byte)codec);
        rest.WriteVarint((ulong)rawBytes);
        rest.Write(compressed);
        return [.. BitConverter.GetBytes(Crc.Of(rest.Written)), .. rest.Written];
    }

    // A few bytes become others, or a varint of any size, or are gone.
    static byte[] Mutated(ReadOnlySpan<byte> bytes, Random random, out string what)
    {
        var at = random.Next(Math.Min(bytes.Length, random.Next(2) == 0 ? 24 : int.MaxValue));
        var number = random.Next(3) == 0 ? (ulong)random.NextInt64(300) : Bad[random.Next(Bad.Length)];
        var removed = Math.Min(random.Next(4), bytes.Length - at);
        what = $"{number} for {removed} bytes at {at}";
        using var to = new ByteWriter();
        to.Write(bytes[..at]);
        to.WriteVarint(number);
        to.Write(bytes[(at + removed)..]);
        return to.Written.ToArray();
    }

    static void AssertContained(byte[] block, string what)
    {
        var disk = Filled.Value.Disk.Copy(new Random(1));
        var file = disk.Files.Single(file => file.Key == BlockName).Value;
        file.SetLength(block.Length);
        file.Write(0, block);
        var others = SpansOf(disk, BlockName);
        try
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            using (var snapshot = StoreSnapshot.Open(disk.NewProcess()))
                new BlockVerification(snapshot.Blocks.Single(found => FileNames.Block(found.Summary.Id) == BlockName), new VerificationLog(0, null), default).Run();
            var found = Scan(disk);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(found >= others, $"of {others} spans elsewhere {found} were found");
            Assert.True(allocated < AllocatedBytesMax, $"{allocated} bytes were allocated");
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"{what}: {failure.Message}", failure);
        }
    }

    static long SpansOf(SimulatedDisk disk, string without) => Filled.Value.SpanCount - Manifest.Load(disk.NewProcess()).Blocks.Single(block => FileNames.Block(block.Id) == without).SpanCount;

    static long Scan(SimulatedDisk disk)
    {
        var scheduler = new SeededScheduler(new Random(1));
        var store = TraceStore.Open(FilledDisk.Options, disk.NewProcess(), new ManualTime(), new StoreThreads(scheduler, scheduler, scheduler), _ => { }, default);
        return scheduler.Run(async () =>
        {
            var spans = 0L;
            await foreach (var batch in store.ScanAsync(TimeRange.All, default, new TraceId(ulong.MaxValue, ulong.MaxValue), default))
                spans += batch.SpanCount;
            foreach (var id in Filled.Value.Batches.SelectMany(batch => batch.Spans.TraceIds.Values.ToArray()).Distinct().Take(5))
                await store.FindTraceAsync(id, default);
            for (var seed = 0; seed < 5; seed++)
                await store.FindTracesAsync(Selections.Random(new Random(seed)), 10, default);
            await store.ScanSpansAsync(SpanSelection.All, SpanProjection.All, () => new Scans.Reader(), ReadMeter.Unlimited(), default);
            await store.ScanTracesAsync(new TraceSelection([Selections.Random(new Random(5))]), SpanProjection.All, () => new Scans.Reader(), ReadMeter.Unlimited(), default);
            await store.FindAttributeKeysAsync(TimeRange.All, default);
            return spans;
        });
    }

    static string BlockName => Filled.Value.Disk.Files.Select(file => file.Key).Where(name => name.EndsWith(".block", StringComparison.Ordinal)).Order(StringComparer.Ordinal).First();

    static byte[] Block() => [.. Filled.Value.Disk.Files.Single(file => file.Key == BlockName).Value.Current];

    static BlockIndex IndexOf(byte[] block)
    {
        var disk = new SimulatedDisk(new Random(1));
        using var file = disk.NewProcess().Create("copy");
        file.Write(0, [block]);
        return new BlockFile(file).ReadIndex();
    }

    static byte[] FooterOf(byte[] block) => block[FooterOffset(block)..^BlockFormat.TrailerBytes];

    static int FooterOffset(byte[] block) => (int)BinaryPrimitives.ReadUInt64LittleEndian(block.AsSpan(^BlockFormat.TrailerBytes));

    static byte[] BodyOf(byte[] block) => block[..FooterOffset(block)];

    // A body with a part behind all others, and where that is.
    static (byte[] Body, int Offset) WithPart(byte[] block, ReadOnlySpan<byte> part) => ([.. BodyOf(block), .. part], FooterOffset(block));

    // A block whose first row group has another directory, without its checksum, and says so in the footer.
    static byte[] WithDirectory(byte[] block, BlockIndex index, RowGroupInfo group, ReadOnlySpan<byte> directory)
    {
        using var directories = new ByteWriter();
        directories.Write(directory);
        directories.WriteUInt32(Crc.Of(directory));
        var bytes = directories.Count;
        directories.Write(block.AsSpan((int)group.DirectoryOffset + group.DirectoryBytes, (int)(index.Groups[^1].DirectoryOffset + index.Groups[^1].DirectoryBytes - group.DirectoryOffset) - group.DirectoryBytes));
        var (body, offset) = WithPart(block, directories.Written);
        return WithFooter(body, (index with { DirectoriesOffset = offset, Groups = [group with { DirectoryBytes = bytes }, .. index.Groups[1..]] }).ToBytes());
    }

    static byte[] WithFooter(byte[] body, ReadOnlySpan<byte> footer)
    {
        using var to = new ByteWriter();
        to.Write(body);
        to.Write(footer);
        to.WriteUInt64((ulong)body.Length);
        to.WriteUInt32((uint)footer.Length);
        to.WriteUInt32(Crc.Of(footer));
        to.Write(BlockFormat.EndMagic);
        return to.Written.ToArray();
    }
}
