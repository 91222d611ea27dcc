using Clew.Storage.Blocks;
using Clew.Storage.Buckets;
using Clew.Storage.Compaction;
using Clew.Storage.Retention;

namespace Clew.Storage;

/// <summary>How the embedded store uses memory, disk and cores. The defaults suit one machine with an ordinary SSD.</summary>
public sealed record StorageOptions
{
    /// <summary>
    /// A segment is closed, and sealed into a block, once it holds this many bytes, or its spans take a twelfth of <see cref="HeadBytesMax"/>.
    /// Default 32 MiB, 4 KiB to 1 GiB.
    /// </summary>
    public long SegmentBytesMax { get; init; } = 32L << 20;

    /// <summary>A segment with spans in it is closed at this age even when it is not full. Default 1 hour, at least 1 second.</summary>
    public TimeSpan SegmentAgeMax { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Memory for spans that are durable and not yet in a block. Beyond half of it appends wait, the longer the more there is, but not over 40 ms each: senders then go
    /// no faster than sealing does. Beyond it they are refused, retryably. Default 192 MiB, at least four times <see cref="SegmentBytesMax"/>.
    /// </summary>
    public long HeadBytesMax { get; init; } = 192L << 20;

    /// <summary>Bytes of encoded batches that may wait for the disk. Beyond it appends are refused, retryably. Default 64 MiB, at least 1 MiB.</summary>
    public long InFlightBytesMax { get; init; } = 64L << 20;

    /// <summary>
    /// How long a flush waits for company, in milliseconds. Default 0: a flush begins as soon as the one before it is done, with all that has queued meanwhile.
    /// 0 to 5; more than 0 pays only where a flush is expensive and the load is light.
    /// </summary>
    public int FlushWaitMillis { get; init; }

    /// <summary>Space that appends leave free on the disk, in bytes, so that sealing can always finish. Default 64 MiB, at least 0.</summary>
    public long FreeBytesMin { get; init; } = 64L << 20;

    /// <summary>Spans per row group of a block: the unit of reading. Default 2048, 16 to 65536.</summary>
    public int RowGroupRows { get; init; } = 2_048;

    /// <summary>What compresses blocks. Default <see cref="BlockCompression.Auto"/>.</summary>
    public BlockCompression Compression { get; init; } = BlockCompression.Auto;

    /// <summary>
    /// Threads that may search and scan the blocks in the folder at the same time, and as many those in buckets. A query takes those that no other needs; others wait.
    /// Default the number of cores, 1 to 256.
    /// </summary>
    public int ReadParallelism { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 256);

    /// <summary>Where warm blocks live. Default: the data folder.</summary>
    public TierOptions Warm { get; init; } = new();

    /// <summary>Where cold blocks live. Default: the data folder.</summary>
    public TierOptions Cold { get; init; } = new();

    /// <summary>Disk in the data folder for what was read of <see cref="Warm"/> and <see cref="Cold"/>, where they are elsewhere. Default 1 GiB, at least 16 MiB.</summary>
    public long BucketCacheBytesMax { get; init; } = 1L << 30;

    /// <summary>Memory for the dictionaries and filters of blocks, kept from query to query. Default 128 MiB, at least 1 MiB.</summary>
    public long BlockCacheBytesMax { get; init; } = 128L << 20;

    /// <summary>What <see cref="Compression"/> means on this system.</summary>
    internal ChunkCodec Codec => Compression switch
    {
        BlockCompression.None => ChunkCodec.None,
        BlockCompression.Lz4 => ChunkCodec.Lz4,
        _ => Zstd.IsAvailable ? ChunkCodec.Zstd : ChunkCodec.Lz4,
    };

    /// <summary>Small batches take more memory than disk, and large texts the other way round: a segment is full when either is.</summary>
    internal long SegmentMemoryMax => HeadBytesMax / 12;

    /// <summary>
    /// Bytes that segments and blocks in the folder may take together, merging included; the oldest spans go when it is more. Default 0: as much as the disk has, but for
    /// <see cref="FreeBytesMin"/> and some room to work in. Else at least eight times <see cref="SegmentBytesMax"/>.
    /// </summary>
    public long DiskBytesMax { get; init; }

    /// <summary>How long spans stay.</summary>
    public RetentionOptions Retention { get; init; } = new();

    /// <summary>How blocks are merged.</summary>
    public CompactionOptions Compaction { get; init; } = new();

    /// <summary>What is wrong with these settings, one sentence each; empty when nothing is.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var problem in Warm.Problems("storage.warm").Concat(Cold.Problems("storage.cold")))
            yield return problem;
        if (BucketCacheBytesMax < 16L << 20)
            yield return $"storage.bucket_cache_bytes_max is {BucketCacheBytesMax}; it must be at least 16777216 (16 MiB).";
        if (SegmentBytesMax is < 4L << 10 or > 1L << 30)
            yield return $"storage.segment_bytes_max is {SegmentBytesMax}; it must be from 4096 (4 KiB) to 1073741824 (1 GiB).";
        if (SegmentAgeMax < TimeSpan.FromSeconds(1))
            yield return $"storage.segment_age_max is {SegmentAgeMax}; the shortest supported value is 00:00:01.";
        if (HeadBytesMax < SegmentBytesMax * 4)
            yield return $"storage.head_bytes_max is {HeadBytesMax}; it must be at least four times storage.segment_bytes_max ({SegmentBytesMax * 4}).";
        if (InFlightBytesMax < 1L << 20)
            yield return $"storage.in_flight_bytes_max is {InFlightBytesMax}; it must be at least 1048576 (1 MiB).";
        if (FlushWaitMillis is < 0 or > 5)
            yield return $"storage.flush_wait_millis is {FlushWaitMillis}; it must be from 0 to 5.";
        if (FreeBytesMin < 0)
            yield return $"storage.free_bytes_min is {FreeBytesMin}; it must be at least 0.";
        if (RowGroupRows is < 16 or > 65_536)
            yield return $"storage.row_group_rows is {RowGroupRows}; it must be from 16 to 65536.";
        if (!Enum.IsDefined(Compression))
            yield return $"storage.compression is {(int)Compression}; it must be auto, zstd, lz4 or none.";
        if (ReadParallelism is < 1 or > 256)
            yield return $"storage.read_parallelism is {ReadParallelism}; it must be from 1 to 256.";
        if (BlockCacheBytesMax < 1L << 20)
            yield return $"storage.block_cache_bytes_max is {BlockCacheBytesMax}; it must be at least 1048576 (1 MiB).";
        if (DiskBytesMax != 0 && DiskBytesMax < SegmentBytesMax * 8)
            yield return $"storage.disk_bytes_max is {DiskBytesMax}; it must be 0, or at least eight times storage.segment_bytes_max ({SegmentBytesMax * 8}).";
        if (DiskBytesMax != 0 && Retention.WhenFull == WhenFull.Refuse)
            yield return "storage.disk_bytes_max is set and storage.retention.when_full is refuse; a budget is kept by expiry only: choose expire, or leave the budget out.";
        foreach (var problem in Retention.Problems().Concat(Compaction.Problems()))
            yield return problem;
    }
}
