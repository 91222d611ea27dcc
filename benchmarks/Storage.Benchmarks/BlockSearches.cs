using BenchmarkDotNet.Attributes;
using Clew.Model;
using Clew.Storage.Blocks;

namespace Clew.Storage.Benchmarks;

/// <summary>Conditions on one block of 100,000 spans in 49 row groups, warm: the newest twenty traces, for which the newest row groups will do, or all that there are.</summary>
[MemoryDiagnoser]
public class BlockSearches
{
    const int BatchCount = 200, BatchSpans = 500;

    readonly Workload _workload = new(1);
    readonly Random _random = new(2);
    BlockFolder _blocks = null!;

    [Params(20, 100_000)]
    public int TracesMax { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _blocks = new BlockFolder();
        _blocks.Add(BatchMerger.Merge([.. Enumerable.Range(0, BatchCount).Select(_ => _workload.Next(BatchSpans))]));
    }

    [GlobalCleanup]
    public void Cleanup() => _blocks.Dispose();

    [Benchmark]
    public Task<int> Anything() => Search();

    [Benchmark]
    public Task<int> Service() => Search(new SpanCondition.ServiceIs("llm"));

    [Benchmark]
    public Task<int> Name() => Search(new SpanCondition.NameIs("layer.execute"));

    [Benchmark]
    public Task<int> ServiceAndName() => Search(new SpanCondition.ServiceIs("llm"), new SpanCondition.NameIs("layer.execute"));

    [Benchmark]
    public Task<int> Errors() => Search(new SpanCondition.StatusIs(StatusCode.Error));

    /// <summary>Two spans in ten thousand.</summary>
    [Benchmark]
    public Task<int> LongSpans() => Search(new SpanCondition.DurationBetween(39_990_000, ulong.MaxValue));

    /// <summary>A string of the dictionary, in a fifth of the spans.</summary>
    [Benchmark]
    public Task<int> SharedText() => Search(new SpanCondition.AttributeIs("model.name", "qwen2.5-72b", AttributeOwners.Any));

    /// <summary>A number, in one of eighty spans.</summary>
    [Benchmark]
    public Task<int> Number() => Search(new SpanCondition.AttributeIs("layer.id", "17", AttributeOwners.Any));

    /// <summary>A string of one row group, in the spans of one trace.</summary>
    [Benchmark]
    public Task<int> UniqueText() => Search(new SpanCondition.AttributeIs("request.id", _workload.RequestIds[_random.Next(_workload.RequestIds.Count)], AttributeOwners.Any));

    [Benchmark]
    public Task<int> AbsentText() => Search(new SpanCondition.AttributeIs("request.id", "no such", AttributeOwners.Any));

    async Task<int> Search(params SpanCondition[] conditions) =>
        (await _blocks.Reader.FindTracesAsync(new SpanSelection(TimeRange.All, [.. conditions]), TracesMax, ReadMeter.Unlimited(), default)).Count;
}
