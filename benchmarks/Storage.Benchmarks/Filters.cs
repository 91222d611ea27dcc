using BenchmarkDotNet.Attributes;
using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Columns;

namespace Clew.Storage.Benchmarks;

/// <summary>The filters of blocks: a thousand members are the strings of a row group, a hundred thousand the traces of a block. Times are per member, or per question.</summary>
public class Filters
{
    const int MembersMax = 100_000, Questions = 1_000;

    ulong[] _hashes = [];
    ulong[] _strangers = [];
    BloomFilter _filter;

    [Params(1_000, MembersMax)]
    public int Members { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        _hashes = [.. Enumerable.Range(0, Members).Select(_ => Hash(random))];
        _strangers = [.. Enumerable.Range(0, Questions).Select(_ => Hash(random))];
        _filter = new BloomFilter(BloomFilter.Build(_hashes));
    }

    /// <summary>As many filters of a size as take the same number of members.</summary>
    [Benchmark(OperationsPerInvoke = MembersMax)]
    public int Build()
    {
        var words = 0;
        for (var built = 0; built < MembersMax; built += Members)
            words += BloomFilter.Build(_hashes).Length;
        return words;
    }

    [Benchmark(OperationsPerInvoke = Questions)]
    public int AskForMembers() => CountOf(_hashes.AsSpan(0, Questions));

    [Benchmark(OperationsPerInvoke = Questions)]
    public int AskForOthers() => CountOf(_strangers);

    static ulong Hash(Random random) => StableHash.Of(new TraceId((ulong)random.NextInt64(), (ulong)random.NextInt64()));

    int CountOf(ReadOnlySpan<ulong> hashes)
    {
        var count = 0;
        foreach (var hash in hashes)
            count += _filter.MayContain(hash) ? 1 : 0;
        return count;
    }
}
