namespace Clew.Cli.Load;

/// <summary>What a server says, or the system about it. Null where nobody knows.</summary>
internal sealed record ServerFigures
{
    /// <summary>Processor time since it started; that of a Clew server goes on over restarts.</summary>
    public double? CpuSeconds { get; init; }

    public long? ResidentBytes { get; init; }

    /// <summary>The most memory it ever had; null where only the present is known.</summary>
    public long? ResidentBytesMax { get; init; }

    public StoreFigures? Store { get; init; }
}
