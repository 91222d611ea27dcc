namespace Clew.Storage.Compaction;

/// <summary>How blocks are merged in the background.</summary>
public sealed record CompactionOptions
{
    /// <summary>So many blocks of about the same size become one. Default 8, 2 to 64. More merge less often and leave more blocks to be searched.</summary>
    public int MergeBlocksMin { get; init; } = 8;

    /// <summary>Blocks are merged up to this size. Default 256 MiB, 4 KiB to 16 GiB.</summary>
    public long BlockBytesMax { get; init; } = 256L << 20;

    /// <summary>Memory for what a merge has open, half of it for row groups and half for dictionaries: blocks whose dictionaries take more stay apart. Default 64 MiB, at least 1 MiB.</summary>
    public long MemoryBytesMax { get; init; } = 64L << 20;

    /// <summary>Bytes that merging reads and writes per second, a quarter of them while spans arrive. Default 128 MiB; 0 is without a bound.</summary>
    public long BytesPerSecondMax { get; init; } = 128L << 20;

    internal IEnumerable<string> Problems()
    {
        if (MergeBlocksMin is < 2 or > 64)
            yield return $"storage.compaction.merge_blocks_min is {MergeBlocksMin}; it must be from 2 to 64.";
        if (BlockBytesMax is < 4L << 10 or > 16L << 30)
            yield return $"storage.compaction.block_bytes_max is {BlockBytesMax}; it must be from 4096 (4 KiB) to 17179869184 (16 GiB).";
        if (MemoryBytesMax < 1L << 20)
            yield return $"storage.compaction.memory_bytes_max is {MemoryBytesMax}; it must be at least 1048576 (1 MiB).";
        if (BytesPerSecondMax < 0)
            yield return $"storage.compaction.bytes_per_second_max is {BytesPerSecondMax}; it must be at least 0.";
    }
}
