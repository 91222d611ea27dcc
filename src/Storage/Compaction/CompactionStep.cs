using System.Collections.Immutable;
using Clew.Model;
using Clew.Storage.Blocks;

namespace Clew.Storage.Compaction;

/// <summary>One thing to be done about some blocks.</summary>
internal abstract record CompactionStep(ImmutableArray<BlockSummary> Blocks)
{
    /// <summary>They belong to another level from now on, and stay as they are.</summary>
    public sealed record Promote(ImmutableArray<BlockSummary> Blocks, StoreLevel To) : CompactionStep(Blocks);

    /// <summary>They become one block of a level, or none when every trace in them is dropped.</summary>
    public sealed record Merge(ImmutableArray<BlockSummary> Blocks, StoreLevel To) : CompactionStep(Blocks);
}
