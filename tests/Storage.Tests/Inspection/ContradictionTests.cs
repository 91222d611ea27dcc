using System.Buffers.Binary;
using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Columns;
using Clew.Storage.Inspection;
using Clew.Storage.Tests.Simulation;

namespace Clew.Storage.Tests.Inspection;

/// <summary>Files whose checksums are right and which say what is not so: a mistake of a writer, and not of the disk, is found as well.</summary>
public sealed class ContradictionTests
{
    static readonly Lazy<FilledDisk> Filled = new(() => FilledDisk.Make(seed: 4, batchCount: 40));

    [Fact]
    public void Bounds_in_the_footer_that_rows_do_not_keep_are_found()
    {
        AssertFound("the footer's durations are", index => index with { Groups = Changed(index, group => group with { DurationMax = group.DurationMax + 1 }) });
        AssertFound("the footer's durations are", index => index with { Groups = Changed(index, group => group with { DurationMin = group.DurationMin + 1 }) });
        AssertFound("the footer's starts are", index => index with { Groups = Changed(index, group => group with { StartMax = group.StartMax.Plus(1) }) });
        AssertFound("the footer's traces are", index => index with { Groups = Changed(index, group => group with { LastTrace = new TraceId(1, 2) }) });
    }

    [Fact]
    public void Totals_that_are_not_the_sum_of_row_groups_are_found()
    {
        AssertFound("as in the row groups", index => index with { SpanCount = index.SpanCount + 1 });
        AssertFound("as in the row groups", index => index with { StartMax = index.StartMax.Plus(1) });
        AssertFound("as in the row groups", index => index with { StartMin = index.StartMin.Minus(1) });
    }

    [Fact]
    public void A_block_that_is_not_the_one_the_manifest_lists_is_found() =>
        AssertFound("the manifest speaks of", index => index with { Origin = index.Origin with { ArrivedMax = index.Origin.ArrivedMax.Plus(1) } });

    [Fact]
    public void A_filter_that_denies_what_is_there_is_found() =>
        AssertFound("neither filter nor index leads here", (bytes, index) => Edit(bytes, index.TraceFilter, content => content.Clear()));

    [Fact]
    public void An_index_that_leads_elsewhere_is_found() => AssertFound("neither filter nor index leads here", (bytes, index) =>
    {
        Assert.True(index.Groups.Length > 1);
        // One page holds the traces of so small a block, and ends with the number of a row group in one byte.
        Assert.Equal(1, index.TraceIndexPages);
        var disk = new SimulatedDisk(new Random(1));
        using var file = disk.NewProcess().Create("copy");
        file.Write(0, [bytes]);
        var traces = new BlockFile(file).ReadTraceIndexTable(index)[1];
        var page = bytes.AsSpan((int)index.TraceIndexOffset, TraceIndex.PageBytes(traces, 1));
        ref var group = ref page[^1];
        group = (byte)((group + 1) % index.Groups.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(page, Crc.Of(page[TraceIndex.CrcBytes..]));
    });

    [Fact]
    public void An_operation_that_the_list_lacks_is_found() => AssertFound("it has an operation that the list of operations lacks", (bytes, index) => Edit(bytes, index.Operations, content =>
    {
        // The last operation's name ends before its kind.
        content[^2] ^= 1;
    }));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rows_out_of_order_are_found(bool isReversed)
    {
        var damage = Verify(DiskOfOneBlock(isReversed)).Damage;
        if (isReversed)
            Assert.Contains("before", Assert.Single(damage).Problem, StringComparison.Ordinal);
        else
            Assert.Empty(damage);
    }

    static SimulatedDisk DiskOfOneBlock(bool isReversed)
    {
        var disk = new SimulatedDisk(new Random(1));
        var folder = disk.NewProcess();
        var batch = Tests.Batches.Random(seed: 5, traceCount: 12);
        var order = RowOrder.Of(batch.Spans);
        Assert.True(batch.Spans.TraceIds.Values.ToArray().Distinct().Count() > 3);
        if (isReversed)
            Array.Reverse(order);
        using var file = folder.Create(FileNames.Block(1));
        var (dictionary, rows) = BlockDictionary.Of(batch, order, rowsPerGroup: 64);
        using var writer = new BlockWriter(file, dictionary, rowsPerGroup: 64, ChunkCodec.None);
        writer.Append(rows, order, KeepDecision.Undecided, default);
        var index = writer.Finish(new BlockOrigin(1, 1, new UnixNanos(1), new UnixNanos(1), StoreLevel.Live, []));
        new Manifest(1, 2, 2, [BlockSummary.Of(1, file.LengthBytes, index)]).Save(folder);
        return disk;
    }

    static RowGroupInfo[] Changed(BlockIndex index, Func<RowGroupInfo, RowGroupInfo> change) => [change(index.Groups[0]), .. index.Groups[1..]];

    static void AssertFound(string problem, Func<BlockIndex, BlockIndex> change) => AssertFound(problem, (ref byte[] bytes, BlockIndex index) =>
    {
        var footer = change(index).ToBytes();
        var footerOffset = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(^BlockFormat.TrailerBytes));
        using var to = new ByteWriter();
        to.Write(bytes.AsSpan(0, footerOffset));
        to.Write(footer);
        to.WriteUInt64((ulong)footerOffset);
        to.WriteUInt32((uint)footer.Length);
        to.WriteUInt32(Crc.Of(footer));
        to.Write(BlockFormat.EndMagic);
        bytes = to.Written.ToArray();
    });

    static void AssertFound(string problem, Action<byte[], BlockIndex> change) => AssertFound(problem, (ref byte[] bytes, BlockIndex index) => change(bytes, index));

    static void AssertFound(string problem, Harm harm)
    {
        var disk = Filled.Value.Disk.Copy(new Random(1));
        var (name, file) = disk.Files.First(file => file.Key.EndsWith(".block", StringComparison.Ordinal));
        BlockIndex index;
        using (var block = new BlockFile(disk.NewProcess().OpenToRead(name)))
            index = block.ReadIndex();
        var bytes = file.Current.ToArray();
        harm(ref bytes, index);
        file.SetLength(bytes.Length);
        file.Write(0, bytes);
        var damage = Verify(disk).Damage;
        Assert.True(
            damage.Any(found => found.File == "disk/" + name && found.Problem.Contains(problem, StringComparison.Ordinal)), $"'{problem}' is not among: {string.Join('\n', damage)}");
    }

    // Stored as it is, behind checksum and codec.
    static void Edit(byte[] bytes, ChunkPlace place, SpanEdit edit)
    {
        var chunk = bytes.AsSpan((int)place.Offset, place.Bytes);
        Assert.Equal((byte)ChunkCodec.None, chunk[ChunkPlace.BytesMin - 1]);
        edit(chunk[ChunkPlace.BytesMin..]);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk, Crc.Of(chunk[4..]));
    }

    static VerificationReport Verify(SimulatedDisk disk)
    {
        using var snapshot = StoreSnapshot.Open(disk.NewProcess());
        return StoreVerification.Run(snapshot);
    }

    delegate void Harm(ref byte[] bytes, BlockIndex index);

    delegate void SpanEdit(Span<byte> content);
}
