using BenchmarkDotNet.Attributes;
using Clew.Model;
using Clew.Storage.Compaction;

namespace Clew.Storage.Benchmarks;

/// <summary>Look-ups and searches for twenty traces in an open store: 300,000 spans in one merged block, 10,000 newer ones in the head. All is in the page cache.</summary>
[MemoryDiagnoser]
public class Reading
{
    const int BlockBatchCount = 600, HeadBatchCount = 20, BatchSpans = 500;

    readonly Workload _workload = new(1);
    readonly Random _random = new(2);
    string _folder = "";
    TraceStore _store = null!;

    // The harness waits for no task here.
    [GlobalSetup]
    public void Setup() => SetupAsync().GetAwaiter().GetResult();

    [GlobalCleanup]
    public void Cleanup()
    {
        _store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark]
    public async Task<object?> TraceById() => await _store.FindTraceAsync(_workload.Finished[_random.Next(_workload.Finished.Count)], default);

    /// <summary>As the answer to a search takes them: neighbours, looked up at once.</summary>
    [Benchmark]
    public async Task<object?> TwentyTraces() => await _store.FindTracesAsync(_workload.Finished.GetRange(_random.Next(_workload.Finished.Count - 20), 20), default);

    [Benchmark]
    public async Task<object?> UnknownTrace() => await _store.FindTraceAsync(new TraceId((ulong)_random.NextInt64(), (ulong)_random.NextInt64()), default);

    [Benchmark]
    public Task<object?> ServiceAndName() => Search(new SpanCondition.ServiceIs("llm"), new SpanCondition.NameIs("layer.execute"));

    [Benchmark]
    public Task<object?> Errors() => Search(new SpanCondition.StatusIs(StatusCode.Error));

    [Benchmark]
    public Task<object?> LongSpans() => Search(new SpanCondition.DurationBetween(39_990_000, ulong.MaxValue));

    [Benchmark]
    public Task<object?> CommonAttribute() => Search(new SpanCondition.AttributeIs("model.name", "qwen2.5-72b", AttributeOwners.Any));

    [Benchmark]
    public Task<object?> UniqueAttribute() =>
        Search(new SpanCondition.AttributeIs("request.id", _workload.RequestIds[_random.Next(_workload.RequestIds.Count)], AttributeOwners.Any));

    [Benchmark]
    public Task<object?> AbsentAttribute() => Search(new SpanCondition.AttributeIs("request.id", "no such", AttributeOwners.Any));

    async Task<object?> Search(params SpanCondition[] conditions) =>
        await _store.FindTracesAsync(new SpanSelection(TimeRange.All, [.. conditions]), 20, default);

    // Nothing is sealed or merged while it is measured.
    async Task SetupAsync()
    {
        _folder = Directory.CreateTempSubdirectory("clew-bench-").FullName;
        var options = new StorageOptions();
        await using (var store = await TraceStore.OpenAsync(options, _folder, TimeProvider.System))
            await AppendAsync(store, BlockBatchCount);
        await OfflineCompaction.RunAsync(options with { Compaction = new CompactionOptions { MergeBlocksMin = 2 } }, _folder, TimeProvider.System, _ => { }, default);
        _store = await TraceStore.OpenAsync(options, _folder, TimeProvider.System);
        await AppendAsync(_store, HeadBatchCount);
        if (_store.Statistics is not { BlockCount: 1, HeadSpanCount: HeadBatchCount * BatchSpans })
            throw new InvalidOperationException($"The store is not as the benchmarks take it to be: {_store.Statistics.BlockCount} blocks, {_store.Statistics.HeadSpanCount} spans in the head.");
    }

    async Task AppendAsync(TraceStore store, int batchCount)
    {
        for (var batch = 0; batch < batchCount; batch++)
        {
            if ((await store.AppendAsync(_workload.Next(BatchSpans), default)).Outcome != AppendOutcome.Stored)
                throw new InvalidOperationException("A batch was refused.");
        }
    }
}
