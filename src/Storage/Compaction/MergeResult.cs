using Clew.Storage.Blocks;

namespace Clew.Storage.Compaction;

/// <summary>What became of merged blocks.</summary>
/// <param name="Index">Of the block that was written; null when every trace was dropped.</param>
/// <param name="Dropped">What was dropped, added to nothing.</param>
internal sealed record MergeResult(BlockIndex? Index, LossTally Dropped);
