namespace Clew.Cli.Demo;

/// <summary>What one node is to compute for one tensor, and what is to go wrong with it.</summary>
/// <param name="LayerMillis">Typical time of one layer.</param>
/// <param name="ChunkIndex">Which part of a long prompt; null when it is not split.</param>
internal sealed record LayerRun(int LayerFirst, int LayerCount, double LayerMillis, int? ChunkIndex)
{
    /// <summary>The first layer takes many times as long.</summary>
    public bool IsStraggling { get; init; }

    /// <summary>The first layer runs out of memory.</summary>
    public bool IsFailing { get; init; }

    /// <summary>The node answers with something it has not computed.</summary>
    public bool IsByzantine { get; init; }
}
