using Clew.Model;

namespace Clew.TraceQL;

/// <summary>What one query may cost. A query that reaches a bound answers with what it has, and says so.</summary>
public sealed record QueryBudget
{
    public static QueryBudget Unlimited { get; } = new() { Within = Timeout.InfiniteTimeSpan, BytesMax = long.MaxValue, MemoryBytesMax = long.MaxValue };

    /// <summary>How long reading may take; working with what was read may take a quarter longer. Default 30 seconds.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromSeconds(30);

    internal QueryBudget ForFinishing => this with { Within = Within == Timeout.InfiniteTimeSpan ? Within : Within * 1.25, BytesMax = long.MaxValue };

    /// <summary>Stored, compressed bytes that may be read. Default 64 GiB.</summary>
    public long BytesMax { get; init; } = 64L << 30;

    /// <summary>Memory for what is gathered before it is answered, estimated. Default 256 MiB.</summary>
    public long MemoryBytesMax { get; init; } = 256L << 20;

    /// <summary>Begins a query.</summary>
    /// <param name="memory">What all queries have together; null for as much as each likes.</param>
    public ReadMeter NewMeter(TimeProvider time, QueryMemory? memory, CancellationToken cancellation) =>
        new(BytesMax, Within, time, new QueryRoom(MemoryBytesMax, memory), cancellation);
}
