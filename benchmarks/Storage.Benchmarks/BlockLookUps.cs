using BenchmarkDotNet.Attributes;
using Clew.Model;
using Clew.Storage.Blocks;

namespace Clew.Storage.Benchmarks;

/// <summary>Traces of one block by id: 100,000 spans, 25 a trace, its filter, index, dictionary and directories in memory.</summary>
[MemoryDiagnoser]
public class BlockLookUps
{
    const int BatchCount = 200, BatchSpans = 500, Together = 20;

    readonly Workload _workload = new(1);
    readonly Random _random = new(2);
    BlockFolder _blocks = null!;
    Block _block = null!;

    [GlobalSetup]
    public void Setup()
    {
        _blocks = new BlockFolder();
        _block = _blocks.Add(BatchMerger.Merge([.. Enumerable.Range(0, BatchCount).Select(_ => _workload.Next(BatchSpans))]));
    }

    [GlobalCleanup]
    public void Cleanup() => _blocks.Dispose();

    /// <summary>The filter says no, or, one time in a hundred, the index.</summary>
    [Benchmark]
    public bool Unknown() => _block.FindGroups(new TraceId((ulong)_random.NextInt64(), (ulong)_random.NextInt64())).Any();

    /// <summary>Filter and index: which row group.</summary>
    [Benchmark]
    public int RowGroup() => _block.FindGroups(AnyTrace()).First().Number;

    /// <summary>The spans, with all that is in them.</summary>
    [Benchmark]
    public async Task<SpanBatch?> Spans() => await _blocks.Reader.FindTraceAsync(AnyTrace(), default);

    /// <summary>As a search for as many traces that end about the same time asks for them. Times are per trace.</summary>
    [Benchmark(OperationsPerInvoke = Together)]
    public async Task<SpanBatch?[]> SpansTogether()
    {
        var first = _random.Next(_workload.Finished.Count - Together);
        return await _blocks.Reader.FindTracesAsync(_workload.Finished.GetRange(first, Together), ReadMeter.Unlimited(), default);
    }

    TraceId AnyTrace() => _workload.Finished[_random.Next(_workload.Finished.Count)];
}
