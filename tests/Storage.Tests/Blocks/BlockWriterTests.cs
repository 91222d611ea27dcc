using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Files;

namespace Clew.Storage.Tests.Blocks;

/// <summary>Blocks written row group by row group, from batches and from other blocks.</summary>
public sealed class BlockWriterTests : IDisposable
{
    const int RowsPerGroup = 64;

    static readonly BlockOrigin Origin = new(1, 1, default, default, StoreLevel.Live, []);

    readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData(BlockCompression.Auto)]
    [InlineData(BlockCompression.Lz4)]
    [InlineData(BlockCompression.None)]
    public void Blocks_merged_trace_by_trace_hold_the_spans_of_all_and_the_decision_on_each_trace(BlockCompression compression)
    {
        var codec = new StorageOptions { Compression = compression }.Codec;
        for (var seed = 1; seed <= 20; seed++)
        {
            var folder = DiskFolder.OpenOrCreate(_temporary[$"{compression}-{seed}"]);
            SpanBatch[] sent = [Sent(seed * 2), Sent(seed * 2 + 1)];
            for (var block = 0; block < sent.Length; block++)
            {
                using var target = folder.Create($"{block}.block");
                BlockWriter.Write(target, sent[block], Origin, RowsPerGroup, codec, default);
            }

            var expected = sent.SelectMany(batch => Batches.Rows(batch)).ToList();
            Merge(folder, codec);
            using var merged = new BlockFile(folder.Open("merged.block"));
            var index = merged.ReadIndex();
            Assert.Equal(expected.Count, index.SpanCount);
            using var reader = new RowGroupReader(merged, BlockTables.Read(merged, index));
            Batches.AssertSameSpans(expected, index.Groups.SelectMany(group => Batches.Rows(reader.ReadWhole(group))), $"seed {seed}");
            for (var group = 0; group < index.Groups.Length; group++)
            {
                foreach (var run in reader.ReadRuns(index.Groups[group]))
                    Assert.Equal(DecisionOn(run.Id), run.Decision);
            }
        }
    }

    [Fact]
    public void A_trace_that_fits_into_a_row_group_is_not_spread_over_two()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var folder = DiskFolder.OpenOrCreate(_temporary[$"{seed}"]);
            var sent = Sent(seed);
            using (var target = folder.Create("1.block"))
                BlockWriter.Write(target, sent, Origin, RowsPerGroup, ChunkCodec.None, default);
            using var file = new BlockFile(folder.Open("1.block"));
            var index = file.ReadIndex();
            using var reader = new RowGroupReader(file, BlockTables.Read(file, index));
            var runs = index.Groups.SelectMany(reader.ReadRuns).ToLookup(run => run.Id);
            Assert.True(runs.Where(trace => trace.Sum(run => run.RowCount) <= RowsPerGroup / 2).All(trace => trace.Count() == 1), $"seed {seed}");
        }
    }

    static SpanBatch Sent(int seed) => BatchMerger.Merge([.. Enumerable.Range(seed * 100, 12).Select(batch => Batches.Random(batch, traceCount: 50))]);

    static KeepDecision DecisionOn(TraceId id) => (id.High % 3) switch
    {
        0 => KeepDecision.Undecided,
        1 => new KeepDecision(1, "errors"),
        _ => new KeepDecision(12.5, "a share of the rest"),
    };

    // All traces of both, each with the rows of the first block before those of the second.
    static void Merge(DiskFolder folder, ChunkCodec codec)
    {
        BlockFile[] files = [new BlockFile(folder.Open("0.block")), new BlockFile(folder.Open("1.block"))];
        var indexes = Array.ConvertAll(files, file => file.ReadIndex());
        var dictionaries = files.Zip(indexes, (file, index) => file.ReadDictionary(index)).ToArray();
        using (var target = folder.Create("merged.block"))
        using (var writer = new BlockWriter(target, BlockDictionary.Union(dictionaries), RowsPerGroup, codec))
        {
            var runs = new List<(TraceRun Run, RowSource Source)>();
            for (var block = 0; block < files.Length; block++)
            {
                using var reader = new RowGroupReader(files[block], BlockTables.Read(files[block], indexes[block]));
                for (var group = 0; group < indexes[block].Groups.Length; group++)
                {
                    var source = writer.Map(reader.ReadWhole(indexes[block].Groups[group]));
                    runs.AddRange(reader.ReadRuns(indexes[block].Groups[group]).Select(run => (run, source)));
                }
            }

            var starts = runs.GroupBy(run => run.Run.Id).ToDictionary(trace => trace.Key, trace => trace.Min(run => run.Run.Start));
            foreach (var (run, source) in runs.Order(Comparer<(TraceRun Run, RowSource)>.Create((left, right) =>
                RowOrder.CompareTraces(starts[left.Run.Id], left.Run.Id, starts[right.Run.Id], right.Run.Id))))
                writer.Append(source, [.. Enumerable.Range(run.FirstRow, run.RowCount)], DecisionOn(run.Id), default);
            writer.Finish(Origin);
        }

        Array.ForEach(files, file => file.Dispose());
    }
}
