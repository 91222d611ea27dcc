using Clew.TraceQL;

namespace Clew.Server;

/// <summary>What queries may do.</summary>
public sealed record QueryOptions
{
    /// <summary>Traces that one search may ask for. Default 1,500, at least 1.</summary>
    public int TracesMax { get; init; } = 1_500;

    /// <summary>
    /// The Jaeger API moves a host's spans by at most this when its clock disagrees with the parent's; 0 never moves one. Default 0, as in Jaeger.
    /// </summary>
    public TimeSpan ClockSkewMax { get; init; } = TimeSpan.Zero;

    /// <summary>How long a TraceQL query may read; it then answers with what it has, and says so where the API has a word for it. Default 30 s, 10 ms to 1 hour.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Stored, compressed bytes that a TraceQL query may read; it then answers with what it has. Default 64 GiB, at least 1 MiB.</summary>
    public long ScannedBytesMax { get; init; } = 64L << 30;

    /// <summary>Memory, estimated, that a TraceQL query may take while it is answered, the traces that it fetches included; it then answers with what it has. Default 256 MiB, at least 64 KiB.</summary>
    public long MemoryBytesMax { get; init; } = 256L << 20;

    /// <summary>Memory, estimated, that all queries at work may take together; one that needs more ends as if its own were used up. Default 1 GiB, at least 1 MiB.</summary>
    public long MemoryBytesTotalMax { get; init; } = 1L << 30;

    /// <summary>Memory, estimated, that a trace may take that is answered whole; larger ones are refused. Default 1 GiB, at least 64 KiB.</summary>
    public long TraceBytesMax { get; init; } = 1L << 30;

    /// <summary>The setting that bounds the memory of a TraceQL query by itself.</summary>
    internal (string Setting, long Bytes) MemoryBound => Lower("query.memory_bytes_max", MemoryBytesMax);

    /// <summary>The setting that bounds a trace.</summary>
    internal (string Setting, long Bytes) TraceBound => Lower("query.trace_bytes_max", TraceBytesMax);

    /// <summary>What of it concerns one query.</summary>
    internal QueryBudget Budget => new() { Within = Timeout, BytesMax = ScannedBytesMax, MemoryBytesMax = MemoryBytesMax };

    internal IEnumerable<string> Problems()
    {
        if (TracesMax < 1)
            yield return $"query.traces_max is {TracesMax}; expected at least 1.";
        if (ClockSkewMax < TimeSpan.Zero)
            yield return $"query.clock_skew_max is {ClockSkewMax}; expected 0 or more.";
        if (Timeout < TimeSpan.FromMilliseconds(10) || Timeout > TimeSpan.FromHours(1))
            yield return $"query.timeout is {Timeout}; expected 10 ms to 1 hour.";
        if (ScannedBytesMax < 1L << 20)
            yield return $"query.scanned_bytes_max is {ScannedBytesMax}; expected at least {1L << 20}.";
        if (MemoryBytesMax < 64L << 10)
            yield return $"query.memory_bytes_max is {MemoryBytesMax}; expected at least {64L << 10}.";
        if (MemoryBytesTotalMax < 1L << 20)
            yield return $"query.memory_bytes_total_max is {MemoryBytesTotalMax}; expected at least {1L << 20}.";
        if (TraceBytesMax < 64L << 10)
            yield return $"query.trace_bytes_max is {TraceBytesMax}; expected at least {64L << 10}.";
    }

    // No query can have more than all of them.
    (string Setting, long Bytes) Lower(string setting, long bytes) => bytes <= MemoryBytesTotalMax ? (setting, bytes) : ("query.memory_bytes_total_max", MemoryBytesTotalMax);
}
