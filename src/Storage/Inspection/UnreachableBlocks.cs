using Clew.Storage.Blocks;
using Clew.Storage.Buckets;

namespace Clew.Storage.Inspection;

/// <summary>Blocks that could not be read from their buckets, or not to the end: what is missing from an answer, and no word about whether it is good.</summary>
internal sealed class UnreachableBlocks
{
    readonly Dictionary<ulong, (BlockSummary Block, long SpanCount, BucketException Reason)> _blocks = [];

    /// <summary>One text per bucket that did not answer, and one per object that is gone.</summary>
    public IReadOnlyList<string> Texts =>
    [
        .. from item in _blocks.Values
           where item.Reason.Failure != BucketFailure.Missing
           group item by item.Block.Place into place
           orderby place.Key
           select $"{place.Count()} blocks with {place.Sum(item => item.SpanCount)} spans in the bucket of the {TierSet.NameOf(place.Key)} level could not be read. {place.First().Reason.Message}",
        .. from item in _blocks.Values
           where item.Reason.Failure == BucketFailure.Missing
           orderby item.Block.Id
           select $"{item.Reason.Message} {item.SpanCount} spans of the block are left out.",
    ];

    /// <param name="spanCount">Spans of the block that were not read. Of a block that is added again, the most count.</param>
    public void Add(BlockSummary block, long spanCount, BucketException reason)
    {
        if (!_blocks.TryGetValue(block.Id, out var before) || before.SpanCount < spanCount)
            _blocks[block.Id] = (block, spanCount, reason);
    }
}
