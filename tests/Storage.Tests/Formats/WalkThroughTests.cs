using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Columns;
using Clew.Storage.Files;
using Clew.Storage.Segments;

namespace Clew.Storage.Tests.Formats;

/// <summary>The files that docs/formats walks through byte by byte, made anew: the documents cannot say what the program does not write.</summary>
public sealed class WalkThroughTests : IDisposable
{
    const int RowsPerGroup = 2_048;

    static readonly UnixNanos Created = new(1_785_000_000_000_000_000), Arrived = new(1_785_000_001_000_000_000);

    readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void The_segment_of_the_document_is_what_is_written_of_its_spans()
    {
        using (var segment = SegmentWriter.Create(Folder(), 1, Created, stepBytes: 4_096))
        {
            using var record = new ByteWriter();
            SegmentWriter.BeginRecord(record);
            BatchRecord.Encode(ThreeSpans(), record);
            segment.Append([record]);
            segment.Flush();
            segment.Finish();
        }

        AssertDumps("segment.md", File.ReadAllBytes(_temporary[FileNames.Segment(1)]));
    }

    [Fact]
    public void The_block_of_the_document_is_what_is_written_of_its_spans()
    {
        WriteBlock();
        AssertDumps("block.md", CompressedChunk(), File.ReadAllBytes(_temporary[FileNames.Block(1)]));
    }

    [Fact]
    public void The_manifest_of_the_document_lists_the_block_of_the_document()
    {
        var index = WriteBlock();
        var block = BlockSummary.Of(1, new FileInfo(_temporary[FileNames.Block(1)]).Length, index);
        var manifest = new Manifest(9, 2, 3, [block])
        {
            Losses = LossTally.None.WithExpired(block with { SpanCount = 100, Bytes = 4_000 }, ExpiryCause.Budget).WithDropped("healthy", 7, 30),
            Store = new UInt128(0x0123456789abcdef, 0x0123456789abcdef),
            Garbage = [new BlockObject(BlockPlace.WarmBucket, 2, 0x9f86d081884c7d65)],
        };
        manifest.Save(Folder());
        AssertDumps("manifest.md", File.ReadAllBytes(_temporary[FileNames.Manifest]));
    }

    [Fact]
    public void The_columns_of_the_document_are_what_is_written_of_their_numbers() => AssertDumps(
        "columns.md",
        Column(42, 42, 42),
        Column(5, 6, 7, 11, 5),
        Column([.. Enumerable.Repeat(5UL, 300), .. Enumerable.Repeat(1_000UL, 200)]),
        Column([.. Enumerable.Range(0, 16).Select(row => row % 3 == 0 ? 4_000_000_007UL : 1_000 + (ulong)(row % 3))]),
        Column([.. Enumerable.Range(0, 16).Select(row => 1_000_000 + ((ulong)row * 1_000) + (ulong)(row % 4))]),
        Column([.. Enumerable.Range(0, 16).Select(row => row == 9 ? 1_000UL : (ulong)row % 4)]),
        Decimals([.. Enumerable.Range(0, 16).Select(row => row == 9 ? 1.0 / 3 : row / 4.0)]));

    static SpanBatch ThreeSpans()
    {
        var batch = new SpanBatch();
        int Code(string text) => batch.Strings.Intern(text);
        batch.Resources.Attributes.Add(Code("service.name"), AnyValue.OfString(Code("shop")));
        batch.Scopes.End(batch.Resources.End(0, 0), Code("demo"), 0, 0, 0);

        TraceId first = new(0x0102030405060708, 0x090a0b0c0d0e0f10), second = new(0x2122232425262728, 0x292a2b2c2d2e2f30);
        SpanId cart = new(0xc0c1c2c3c4c5c6c7), query = new(0xd0d1d2d3d4d5d6d7), failed = new(0xe0e1e2e3e4e5e6e7);
        UnixNanos At(double millis) => new(Created.Value + (ulong)(millis * 1e6));
        batch.Spans.Attributes.Add(Code("db.rows"), AnyValue.OfInt(3));
        batch.Events.Add(At(2), Code("retry"), 0);
        batch.EndSpan(new SpanRow
        {
            TraceId = first, SpanId = query, ParentSpanId = cart, Start = At(1), End = At(4), Name = Code("SELECT"), Kind = SpanKind.Client, Flags = 0x101,
        });
        batch.Spans.Attributes.Add(Code("status"), AnyValue.OfInt(200));
        batch.Spans.Attributes.Add(Code("user"), AnyValue.OfString(Code("ada")));
        batch.EndSpan(new SpanRow { TraceId = first, SpanId = cart, Start = At(0), End = At(5), Name = Code("GET /cart"), Kind = SpanKind.Server, Flags = 0x101 });
        batch.Spans.Attributes.Add(Code("status"), AnyValue.OfInt(500));
        batch.Spans.Attributes.Add(Code("user"), AnyValue.OfString(Code("bob")));
        batch.EndSpan(new SpanRow
        {
            TraceId = second, SpanId = failed, Start = At(10), End = At(11), Name = Code("GET /cart"), Kind = SpanKind.Server, Status = StatusCode.Error, Flags = 0x101,
        });
        return batch;
    }

    BlockIndex WriteBlock()
    {
        using var file = Folder().Create(FileNames.Block(1));
        return BlockWriter.Write(file, ThreeSpans(), new BlockOrigin(1, 1, Arrived, Arrived, StoreLevel.Live, []), RowsPerGroup, ChunkCodec.None, default);
    }

    static byte[] CompressedChunk()
    {
        using var chunks = new ChunkWriter(ChunkCodec.Lz4);
        using var chunk = new ByteWriter();
        chunks.WriteAlone(System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("GET /cart", 8))), chunk, 0);
        return chunk.Written.ToArray();
    }

    static byte[] Column(params ulong[] numbers)
    {
        using var column = new ByteWriter();
        new IntegerColumnWriter().Write(column, numbers);
        return column.Written.ToArray();
    }

    static byte[] Decimals(params double[] numbers)
    {
        using var writer = new DoubleColumnWriter(new IntegerColumnWriter());
        using var column = new ByteWriter();
        writer.Write(column, numbers);
        return column.Written.ToArray();
    }

    DiskFolder Folder() => DiskFolder.OpenOrCreate(_temporary.Path);

    static void AssertDumps(string document, params byte[][] expected)
    {
        var dumps = HexDump.ReadAll(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Formats", document)));
        for (var at = 0; at < Math.Max(expected.Length, dumps.Count); at++)
        {
            Assert.True(
                at < expected.Length && at < dumps.Count && expected[at].AsSpan().SequenceEqual(dumps[at]),
                $"Dump {at + 1} of docs/formats/{document} is to be\n{(at < expected.Length ? HexDump.Of(expected[at]) : "left out")}");
        }
    }
}
