using BenchmarkDotNet.Attributes;
using Clew.Storage.Blocks;

namespace Clew.Storage.Benchmarks;

/// <summary>What compresses chunks, over the strings of a block: a mebibyte of names, keys and unique values. Times are per KiB; 954 ns are a GiB per second.</summary>
public class Codecs
{
    const int ContentKibibytes = 1_024;

    byte[] _content = [];
    byte[] _room = [];
    byte[] _zstd = [];
    byte[] _lz4 = [];

    [GlobalSetup]
    public void Setup()
    {
        if (!Zstd.IsAvailable)
            throw new InvalidOperationException("libzstd is not installed: there is nothing to compare.");
        var workload = new Workload(1);
        var bytes = new List<byte>();
        while (bytes.Count < ContentKibibytes * 1_024)
            bytes.AddRange(workload.Next(500).Strings.Bytes);
        _content = [.. bytes.Take(ContentKibibytes * 1_024)];
        _room = new byte[Math.Max(Lz4.BoundOf(_content.Length), Zstd.BoundOf(_content.Length))];
        _zstd = _room[..ZstdCompress()];
        _lz4 = _room[..Lz4Compress()];
        Console.WriteLine($"// ratio: zstd {(double)_content.Length / _zstd.Length:F2}, lz4 {(double)_content.Length / _lz4.Length:F2}");
    }

    [Benchmark(OperationsPerInvoke = ContentKibibytes)]
    public int ZstdCompress() => Zstd.Compress(_content, _room, level: 1);

    [Benchmark(OperationsPerInvoke = ContentKibibytes)]
    public bool ZstdDecompress() => Zstd.TryDecompress(_zstd, _room.AsSpan(0, _content.Length));

    [Benchmark(OperationsPerInvoke = ContentKibibytes)]
    public int Lz4Compress() => Lz4.Compress(_content, _room);

    [Benchmark(OperationsPerInvoke = ContentKibibytes)]
    public bool Lz4Decompress() => Lz4.TryDecompress(_lz4, _room.AsSpan(0, _content.Length));
}
