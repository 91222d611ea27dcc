using Clew.Storage.Compaction;
using Clew.Storage.Retention;

namespace Clew.Storage.Tests.Simulation;

/// <summary>Options for a history, drawn from its seed.</summary>
internal static class HistoryOptions
{
    /// <summary>How a store keeps its spans, in sizes that make things happen.</summary>
    public static StorageOptions Random(Random random, HistorySize size)
    {
        var options = new StorageOptions
        {
            SegmentBytesMax = size.SegmentBytes,
            HeadBytesMax = random.Next(3) == 0 ? size.HeadBytes : 64 << 20,
            InFlightBytesMax = 1 << 20,
            FreeBytesMin = 2 * size.SegmentBytes,
            SegmentAgeMax = TimeSpan.FromSeconds(random.Next(5, 600)),
            RowGroupRows = size.RowGroupRows,
            // Not that of the machine: who helps whom is part of the history.
            ReadParallelism = random.Next(1, 5),
            Compression = random.Next(2) == 0 ? BlockCompression.Auto : BlockCompression.None,
            Compaction = new CompactionOptions
            {
                MergeBlocksMin = random.Next(2, 4),
                BlockBytesMax = (2 * size.SegmentBytes) << random.Next(4),
                MemoryBytesMax = 1 << 20,
                BytesPerSecondMax = random.Next(3) == 0 ? 4 * size.SegmentBytes : 0,
            },
        };
        if (random.Next(4) == 0)
            return options with { DiskBytesMax = random.Next(8, 20) * options.SegmentBytesMax };
        var retention = new RetentionOptions { WhenFull = random.Next(2) == 0 ? WhenFull.Refuse : WhenFull.Expire };
        if (random.Next(4) == 0)
            return options with { Retention = retention };
        return options with { Retention = Ages(random, minutesMax: 90) with { WhenFull = retention.WhenFull } };
    }

    /// <summary>Levels that end after some of these minutes.</summary>
    public static RetentionOptions Ages(Random random, int minutesMax)
    {
        var ends = Enumerable.Range(0, 4).Select(_ => TimeSpan.FromMinutes(random.Next(1, minutesMax))).Order().ToArray();
        return new RetentionOptions { LiveUntil = ends[0], KeptUntil = ends[1], WarmUntil = ends[2], ColdUntil = ends[3] * 2 };
    }

    /// <summary>Spans that are soon old enough to move to a bucket, and then there for most of the history.</summary>
    public static RetentionOptions TieredAges(Random random)
    {
        var live = TimeSpan.FromMinutes(random.Next(1, 30));
        var kept = live + TimeSpan.FromMinutes(random.Next(60));
        var warm = kept + TimeSpan.FromMinutes(random.Next(300));
        return new RetentionOptions { LiveUntil = live, KeptUntil = kept, WarmUntil = warm, ColdUntil = warm + TimeSpan.FromMinutes(random.Next(60, 900)) };
    }
}
