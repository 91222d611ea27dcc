using BenchmarkDotNet.Attributes;
using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Columns;
using Clew.Storage.Segments;

namespace Clew.Storage.Benchmarks;

/// <summary>From batches to a block, step by step, without a disk. Times are per span.</summary>
[MemoryDiagnoser]
public class Sealing
{
    const int BatchCount = 100, BatchSpans = 500, Spans = BatchCount * BatchSpans;

    static readonly BlockOrigin Origin = new(1, 1, default, default, StoreLevel.Live, []);

    readonly ByteWriter _record = new(1 << 20);
    SpanBatch[] _batches = [];
    SpanBatch _merged = new();

    [GlobalSetup]
    public void Setup()
    {
        var workload = new Workload(1);
        _batches = [.. Enumerable.Range(0, BatchCount).Select(_ => workload.Next(BatchSpans))];
        _merged = MergeBatches();
    }

    [Benchmark(OperationsPerInvoke = Spans)]
    public void EncodeRecords()
    {
        foreach (var batch in _batches)
        {
            _record.Clear();
            BatchRecord.Encode(batch, _record);
        }
    }

    [Benchmark(OperationsPerInvoke = Spans)]
    public SpanBatch MergeBatches() => BatchMerger.Merge(_batches);

    [Benchmark(OperationsPerInvoke = Spans)]
    public long WriteBlock()
    {
        using var file = new DiscardingFile();
        BlockWriter.Write(file, _merged, Origin, new StorageOptions().RowGroupRows, new StorageOptions().Codec, default);
        return file.LengthBytes;
    }
}
