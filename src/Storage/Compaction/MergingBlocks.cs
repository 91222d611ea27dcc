using Clew.Storage.Blocks;

namespace Clew.Storage.Compaction;

/// <summary>The blocks that a merge has in hand: they do not expire until it is done. Merging and expiry take turns on one thread.</summary>
internal sealed class MergingBlocks
{
    readonly HashSet<ulong> _ids = [];

    public void Begin(IEnumerable<BlockSummary> blocks) => _ids.UnionWith(blocks.Select(block => block.Id));

    public void End() => _ids.Clear();

    public bool Contains(BlockSummary block) => _ids.Contains(block.Id);
}
