using System.Collections.Immutable;
using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Compaction;
using Clew.Storage.Tests.Simulation;

namespace Clew.Storage.Tests.Compaction;

/// <summary>What merging remembers of blocks that it leaves out.</summary>
public sealed class LeftOutBlocksTests
{
    readonly ManualTime _time = new();

    [Fact]
    public void Nothing_is_remembered_of_blocks_that_are_gone()
    {
        var blocks = new LeftOutBlocks(_time);
        blocks.AddDamaged(1);
        blocks.AddApart(2);
        blocks.AddWaiting(3);
        blocks.Prune(Listed(1, 2, 3, 4));
        Assert.Equal((LeftOut.Damaged, LeftOut.Apart, LeftOut.Waiting, null), (blocks.Find(1), blocks.Find(2), blocks.Find(3), blocks.Find(4)));
        blocks.Prune(Listed(2, 4));
        Assert.Equal((null, LeftOut.Apart, null), (blocks.Find(1), blocks.Find(2), blocks.Find(3)));
        Assert.Equal(1, blocks.Count);
    }

    [Fact]
    public void A_block_that_waits_is_tried_after_a_minute_then_two_and_at_last_every_hour()
    {
        var blocks = new LeftOutBlocks(_time);
        foreach (var minutes in (int[])[1, 2, 4, 8, 16, 32, 60, 60])
        {
            Assert.Equal(minutes == 1, blocks.AddWaiting(1));
            _time.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
            Assert.Equal(LeftOut.Waiting, blocks.Find(1));
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Null(blocks.Find(1));
        }
    }

    static ImmutableArray<BlockSummary> Listed(params ulong[] ids) =>
        [.. ids.Select(id => new BlockSummary(id, 1, 1, default(UnixNanos), default, default, default, StoreLevel.Live, BlockPlace.Folder))];
}
