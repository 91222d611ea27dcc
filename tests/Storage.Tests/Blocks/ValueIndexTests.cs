using System.Text;
using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Columns;
using Clew.Storage.Files;
using Clew.Storage.Tests.Buckets;

namespace Clew.Storage.Tests.Blocks;

public sealed class ValueIndexTests
{
    static readonly BlockOrigin Origin = new(1, 1, default, default, StoreLevel.Live, []);

    [Fact]
    public void Strings_of_row_groups_are_found_and_hardly_anything_leads_nowhere()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            using var file = new BlockFile(new MemoryFile(Block(seed)));
            var (present, absent) = CountLeads(file);
            Assert.True(present > 1_000, $"{present} strings");
            Assert.True(absent <= present / 500, $"seed {seed}: {absent} of {present} strings that are not there lead to a row group");
        }
    }

    [Fact]
    public void A_page_that_is_damaged_is_named_once_and_done_without()
    {
        var bytes = Block(1);
        BlockIndex index;
        using (var whole = new BlockFile(new MemoryFile(bytes)))
            index = whole.ReadIndex();
        Assert.True(index.ValueIndex.Pages > 2);
        bytes[index.ValueIndex.Offset + 10] ^= 1;
        using var file = new BlockFile(new MemoryFile(bytes));
        var damage = new DamageLog(_ => { });
        var block = new Block(Summary(file, index), file, new BlockCache(1 << 20), damage);
        foreach (var (group, text) in OwnStrings(file, index))
            Assert.True(block.FindValue(StableHash.Of(text)).MayBeIn(group));
        var named = Assert.Single(damage.Places);
        Assert.Contains("a page of the value index", named, StringComparison.Ordinal);
        Assert.Contains("no span is", named, StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_of_shared_strings_alone_has_no_pages_and_no_row_group_with_any_string()
    {
        var batch = new SpanBatch();
        batch.Scopes.End(batch.Resources.End(0, 0), 0, 0, 0, 0);
        for (var span = 0; span < 500; span++)
            batch.EndSpan(new SpanRow { TraceId = Batches.Trace(span), SpanId = new SpanId((ulong)span + 1), Name = batch.Strings.Intern("GET /cart") });
        using var file = new BlockFile(new MemoryFile(Write(batch)));
        var index = file.ReadIndex();
        Assert.Equal(0, index.ValueIndex.Pages);
        var block = new Block(Summary(file, index), file, new BlockCache(1 << 20), new DamageLog(_ => { }));
        Assert.DoesNotContain(index.Groups, group => block.FindValue(1).MayBeIn(group));
    }

    [Fact]
    public void Strings_that_crowd_on_one_page_are_all_there()
    {
        using var writer = new ValueIndexWriter();
        const int GroupCount = 3_000;
        var common = new StringTable();
        common.Intern("in every row group");
        for (var group = 0; group < GroupCount; group++)
            writer.Add(group, common);
        var pageCount = writer.Sort();
        var found = new List<int>();
        for (var page = 0; page < pageCount; page++)
        {
            using var to = new ByteWriter();
            Assert.Equal(writer.WritePage(page, pageCount, to), to.Count);
            var at = ValueIndex.PageOf(StableHash.Of("in every row group"u8), pageCount, out var mark);
            var reader = new ByteReader(to.Written[ValueIndex.CrcBytes..], "a page", 0);
            Assert.Equal(page == at ? GroupCount : 0, ValueIndex.Find(ref reader, mark, GroupCount).Length);
        }
    }

    /// <summary>How many strings of their own the row groups have, each of which is to be found, and how many row groups as many other strings lead to.</summary>
    internal static (int Present, int Absent) CountLeads(BlockFile file)
    {
        var index = file.ReadIndex();
        var block = new Block(Summary(file, index), file, new BlockCache(1 << 20), new DamageLog(damage => Assert.Fail(damage.Message)));
        var strings = OwnStrings(file, index);
        foreach (var (group, text) in strings)
            Assert.True(block.FindValue(StableHash.Of(text)).MayBeIn(group), $"{Encoding.UTF8.GetString(text)} in row group {group.Number}");
        var absent = Enumerable.Range(0, strings.Count).Sum(number => index.Groups.Count(block.FindValue(StableHash.Of(Encoding.UTF8.GetBytes($"no such text {number}"))).MayBeIn));
        return (strings.Count, absent);
    }

    static List<(RowGroupInfo Group, byte[] Text)> OwnStrings(BlockFile file, BlockIndex index)
    {
        var strings = new List<(RowGroupInfo, byte[])>();
        using var reader = new RowGroupReader(file, BlockTables.Read(file, index));
        foreach (var group in index.Groups)
        {
            reader.Open(group, whole: false);
            var (ends, bytes) = reader.OwnStrings;
            for (var at = 0; at < ends.Length; at++)
                strings.Add((group, bytes[(at == 0 ? 0 : ends[at - 1])..ends[at]]));
        }

        return strings;
    }

    static byte[] Block(int seed)
    {
        var random = new Random(seed);
        var batch = new SpanBatch();
        batch.Scopes.End(batch.Resources.End(0, 0), 0, 0, 0, 0);
        for (var span = 0; span < 2_000; span++)
        {
            batch.Spans.Attributes.Add(batch.Strings.Intern("unique"), AnyValue.OfString(batch.Strings.Intern($"value {random.NextInt64():x}")));
            batch.EndSpan(new SpanRow { TraceId = Batches.Trace(span), SpanId = new SpanId((ulong)span + 1), Start = new UnixNanos((ulong)span), Name = batch.Strings.Intern("GET /cart") });
        }

        return Write(batch);
    }

    static byte[] Write(SpanBatch batch)
    {
        using var temporary = new TemporaryFolder();
        using (var file = DiskFolder.OpenOrCreate(temporary.Path).Create("1.block"))
            BlockWriter.Write(file, batch, Origin, 64, ChunkCodec.None, default);
        return File.ReadAllBytes(temporary["1.block"]);
    }

    static BlockSummary Summary(BlockFile file, BlockIndex index) => BlockSummary.Of(1, file.LengthBytes, index);
}
