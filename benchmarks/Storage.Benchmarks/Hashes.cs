using System.Text;
using BenchmarkDotNet.Attributes;
using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Benchmarks;

/// <summary>What goes into filters and the trace index: a hash per string of a row group's own, and per trace. Times are per hash.</summary>
public class Hashes
{
    const int Count = 1_000;

    byte[][] _texts = [];
    TraceId[] _traces = [];

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        _texts = [.. Enumerable.Range(0, Count).Select(_ => Encoding.UTF8.GetBytes($"req-{random.NextInt64():x16}"))];
        _traces = [.. Enumerable.Range(0, Count).Select(_ => new TraceId((ulong)random.NextInt64(), (ulong)random.NextInt64()))];
    }

    /// <summary>Of twenty bytes.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public ulong Text()
    {
        var all = 0UL;
        foreach (var text in _texts)
            all ^= StableHash.Of(text);
        return all;
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public ulong Trace()
    {
        var all = 0UL;
        foreach (var trace in _traces)
            all ^= StableHash.Of(trace);
        return all;
    }
}
