using BenchmarkDotNet.Attributes;
using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Compaction;

namespace Clew.Storage.Benchmarks;

/// <summary>Several blocks become one, which is written nowhere. Times are per span, whatever the number of inputs.</summary>
[MemoryDiagnoser]
public class Merging
{
    const int BatchCount = 200, BatchSpans = 500, Spans = BatchCount * BatchSpans;

    static readonly BlockOrigin Origin = new(1, 8, default, default, StoreLevel.Live, []);

    BlockFolder _blocks = null!;
    BlockMerger _merger = null!;

    [Params(2, 8)]
    public int Inputs { get; set; }

    /// <summary>Whole: an input follows the other in time, and has its traces alone. Scattered: each has some spans of every trace.</summary>
    [Params("whole", "scattered")]
    public string Traces { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var workload = new Workload(1);
        var spans = BatchMerger.Merge([.. Enumerable.Range(0, BatchCount).Select(_ => workload.Next(BatchSpans))]);
        var order = RowOrder.Of(spans.Spans);
        SpanCopier[] dealt = [.. Enumerable.Range(0, Inputs).Select(_ => new SpanCopier(new SpanBatch()))];
        for (var at = 0; at < order.Length; at++)
            dealt[Traces == "whole" ? at * Inputs / order.Length : at % Inputs].Copy(spans, order[at]);
        _blocks = new BlockFolder();
        foreach (var input in dealt)
            _blocks.Add(input.Target);
        var options = _blocks.Options.Compaction with { BytesPerSecondMax = 0 };
        _merger = new BlockMerger(_blocks.Contents, _blocks.ManifestFile, rules: null, _blocks.Options, new CompactionPace(options, TimeProvider.System));
    }

    [GlobalCleanup]
    public void Cleanup() => _blocks.Dispose();

    [Benchmark(OperationsPerInvoke = Spans)]
    public async Task<long> Merge()
    {
        using var file = new DiscardingFile();
        await _merger.MergeAsync(file, _blocks.Contents.View.Blocks, Origin, default);
        return file.LengthBytes;
    }
}
