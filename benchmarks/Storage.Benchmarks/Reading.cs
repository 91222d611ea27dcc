using BenchmarkDotNet.Attributes;
using Clew.Model;

namespace Clew.Storage.Benchmarks;

/// <summary>Look-ups and searches for twenty traces in a store of 300,000 spans, all in blocks, all in the page cache.</summary>
[MemoryDiagnoser]
public class Reading
{
    const int BatchCount = 600, BatchSpans = 500;

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

    [Benchmark]
    public async Task<object?> UnknownTrace() => await _store.FindTraceAsync(new TraceId((ulong)_random.NextInt64(), (ulong)_random.NextInt64()), default);

    [Benchmark]
    public Task<object?> ServiceAndName() => Search(new SpanCondition.ServiceIs("llm"), new SpanCondition.NameIs("layer.execute"));

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

    async Task SetupAsync()
    {
        _folder = Directory.CreateTempSubdirectory("clew-bench-").FullName;
        _store = await TraceStore.OpenAsync(new StorageOptions { SegmentAgeMax = TimeSpan.FromSeconds(1) }, _folder, TimeProvider.System);
        for (var batch = 0; batch < BatchCount; batch++)
        {
            if ((await _store.AppendAsync(_workload.Next(BatchSpans), default)).Outcome != AppendOutcome.Stored)
                throw new InvalidOperationException("A batch was refused.");
        }

        while (_store.Statistics.HeadSpanCount > 0)
            await Task.Delay(50);
    }
}
