using System.Collections.Immutable;
using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Retention;

namespace Clew.Storage.Compaction;

/// <summary>Decides what to do next: what has aged moves on, what is small is merged.</summary>
/// <remarks>
/// <para>Merging is size-tiered within a level and a window of its time: once there are enough blocks of about one size they become one, so that each span is written again
/// about once per factor of <see cref="CompactionOptions.MergeBlocksMin"/> in size; at full load that is once in all. When a window is over, what is still small in it is
/// merged whatever its number, so that blocks are bounded by time and not by restarts.</para>
/// <para>Only a level whose arrival is decided by keep rules costs a rewrite; to all others blocks move on as they are.</para>
/// </remarks>
internal sealed class CompactionPolicy(StorageOptions options, IKeepRules? rules)
{
    /// <summary>In a window that is over, blocks smaller than this share of the largest are merged.</summary>
    const int SmallShare = 4;

    /// <param name="blocks">All blocks.</param>
    /// <param name="leftOut">Those of them that are not merged as the others are, by id.</param>
    /// <returns>The next step; null when there is nothing to do now.</returns>
    public CompactionStep? Next(ImmutableArray<BlockSummary> blocks, UnixNanos now, DiskBudget budget, IReadOnlyDictionary<ulong, LeftOut> leftOut) =>
        NextMove(blocks, now, budget, leftOut) ?? NextMerge(blocks.RemoveAll(block => leftOut.ContainsKey(block.Id)), now, budget);

    CompactionStep? NextMove(ImmutableArray<BlockSummary> blocks, UnixNanos now, DiskBudget budget, IReadOnlyDictionary<ulong, LeftOut> leftOut)
    {
        foreach (var due in blocks.Where(block => LevelOf(block, now) > block.Level).GroupBy(block => (block.Level, To: NextLevel(block, now))))
        {
            var to = due.Key.To;
            if (rules?.DecidesAt(to) != true)
                return new CompactionStep.Promote([.. due], to);
            // What can never be read cannot be decided.
            if (due.Where(block => Is(block, LeftOut.Damaged)).ToImmutableArray() is { IsEmpty: false } undecided)
                return new CompactionStep.Promote(undecided, to);
            if (Fitting(due.Where(block => !Is(block, LeftOut.Waiting)), budget) is { IsEmpty: false } decided)
                return new CompactionStep.Merge(decided, to);
        }

        return null;

        bool Is(BlockSummary block, LeftOut why) => leftOut.TryGetValue(block.Id, out var found) && found == why;
    }

    CompactionStep.Merge? NextMerge(ImmutableArray<BlockSummary> blocks, UnixNanos now, DiskBudget budget)
    {
        foreach (var group in blocks.GroupBy(block => (block.Level, block.Place, Window: BlockAge.WindowOf(block, options.Retention))))
        {
            var isClosed = group.Key.Level > StoreLevel.Live && BlockAge.IsWindowClosed(group.First(), now, options.Retention);
            var chosen = ChooseTier(group, budget);
            if (chosen.IsEmpty && isClosed)
                chosen = ChooseSmall(group, budget);
            if (!chosen.IsEmpty)
                return new CompactionStep.Merge(chosen, group.Key.Level);
        }

        return null;
    }

    // The smallest sizes first. A block that is larger than all the others together gains nothing from being written again.
    ImmutableArray<BlockSummary> ChooseTier(IEnumerable<BlockSummary> group, DiskBudget budget)
    {
        foreach (var tier in group.GroupBy(TierOf).OrderBy(tier => tier.Key))
        {
            var chosen = Fitting(tier, budget);
            if (chosen.Length >= options.Compaction.MergeBlocksMin)
                return chosen;
        }

        return [];
    }

    ImmutableArray<BlockSummary> ChooseSmall(IEnumerable<BlockSummary> group, DiskBudget budget)
    {
        var chosen = Fitting(group.Where(block => block.Bytes < options.Compaction.BlockBytesMax / SmallShare), budget);
        return chosen.Length > 1 ? chosen : [];
    }

    // In order of arrival, as many as make one block, and as the disk has room for.
    ImmutableArray<BlockSummary> Fitting(IEnumerable<BlockSummary> blocks, DiskBudget budget)
    {
        var chosen = ImmutableArray.CreateBuilder<BlockSummary>();
        var bytes = 0L;
        foreach (var block in blocks)
        {
            bytes += block.Bytes;
            if ((chosen.Count > 0 && bytes > options.Compaction.BlockBytesMax) || !budget.HasRoomFor(bytes))
                break;
            chosen.Add(block);
        }

        return chosen.ToImmutable();
    }

    // 0 up to a quarter of a segment, which is what a segment becomes; then a factor per tier.
    int TierOf(BlockSummary block)
    {
        var tier = 0;
        for (var limit = options.SegmentBytesMax / 4; limit < block.Bytes; limit *= options.Compaction.MergeBlocksMin)
            tier++;
        return tier;
    }

    // Where its age puts it, but for a level on the way whose rules want to be asked.
    StoreLevel NextLevel(BlockSummary block, UnixNanos now)
    {
        var last = LevelOf(block, now);
        var next = block.Level + 1;
        while (next < last && rules?.DecidesAt(next) != true)
            next++;
        return next;
    }

    StoreLevel LevelOf(BlockSummary block, UnixNanos now) => BlockAge.LevelOf(block, now, options.Retention) ?? StoreLevel.Cold;
}
