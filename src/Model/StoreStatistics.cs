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

    /// <summary>Damage found on disk, each with file, offset and what is lost. Empty is good.</summary>
    public required IReadOnlyList<string> Damage { get; init; }

    /// <summary>Why appends are refused at the moment, or will be before long; empty when all is well.</summary>
    public required string Trouble { get; init; }
}
