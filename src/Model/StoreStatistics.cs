namespace Clew.Model;

/// <summary>A store's own figures, for health, metrics and the UI. Counts are since the store was opened unless they say otherwise.</summary>
public sealed record StoreStatistics
{
    /// <summary>Spans that queries can see now.</summary>
    public required long SpanCount { get; init; }

    /// <summary>Of those, spans not yet sealed into a block.</summary>
    public required long HeadSpanCount { get; init; }
    public required int BlockCount { get; init; }
    public required long BlockBytes { get; init; }
    public required int SegmentCount { get; init; }
    public required long SegmentBytes { get; init; }
    public required long AppendedSpanCount { get; init; }
    public required long AppendedBytes { get; init; }

    /// <summary>Flushes to disk; <see cref="AppendedSpanCount"/> over this is what group commit achieved.</summary>
    public required long FlushCount { get; init; }
    public required double FlushSeconds { get; init; }

    /// <summary>Bytes of batches accepted and not yet durable.</summary>
    public required long InFlightBytes { get; init; }
    public required long RefusedBatchCount { get; init; }

    /// <summary>How often an operation came that the bounded lists of services and operations did not take. Searches find its spans all the same.</summary>
    public long UnlistedOperationCount { get; init; }

    /// <summary>What is in the blocks, by level; levels without blocks are left out.</summary>
    public IReadOnlyList<LevelStatistics> Levels { get; init; } = [];

    /// <summary>What age and the disk's budget removed since the store was created.</summary>
    public IReadOnlyList<ExpiredSpans> Expired { get; init; } = [];

    /// <summary>What keep rules removed since the store was created.</summary>
    public IReadOnlyList<DroppedTraces> Dropped { get; init; } = [];

    /// <summary>Bytes of the blocks that segments became.</summary>
    public long SealedBytes { get; init; }

    /// <summary>Merges of blocks.</summary>
    public long MergeCount { get; init; }

    /// <summary>Spans that merges wrote again.</summary>
    public long MergedSpanCount { get; init; }

    /// <summary>Bytes that merges wrote; with <see cref="SealedBytes"/> over those this is how often each byte was written to blocks.</summary>
    public long MergedBytes { get; init; }

    /// <summary>Blocks moved to where their level lives, outside of the data folder.</summary>
    public long MovedBlockCount { get; init; }
    public long MovedBytes { get; init; }

    /// <summary>Requests for parts of blocks that live outside of the data folder and were not in the cache.</summary>
    public long BucketReadCount { get; init; }
    public long BucketReadBytes { get; init; }

    /// <summary>What is stored outside of the data folder and cannot be reached at the moment, each with what is missing from answers. Nothing of it is lost. Empty is good.</summary>
    public IReadOnlyList<string> Unreachable { get; init; } = [];

    /// <summary>Damage found on disk, each with file, offset and what is lost. Empty is good.</summary>
    public required IReadOnlyList<string> Damage { get; init; }

    /// <summary>Why appends are refused at the moment, or will be before long; empty when all is well.</summary>
    public required string Trouble { get; init; }
}
