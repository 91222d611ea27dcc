using System.Collections.Immutable;
using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Compaction;
using Clew.Storage.Retention;
using Clew.Storage.Tests.Simulation;

namespace Clew.Storage.Tests.Compaction;

/// <summary>What is done next, for blocks of given size and age.</summary>
public sealed class CompactionPolicyTests
{
    const long Small = 10 << 20;

    static readonly StorageOptions Options = new();
    static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly DiskBudget Ample = new(0, 1L << 40, Options);

    [Fact]
    public void So_many_blocks_of_a_size_become_one_and_no_fewer()
    {
        Assert.Null(Next([.. Blocks(7, Small, StoreLevel.Live, minutes: 1)]));
        var merge = Assert.IsType<CompactionStep.Merge>(Next([.. Blocks(9, Small, StoreLevel.Live, minutes: 1)]));
        Assert.Equal((9, StoreLevel.Live), (merge.Blocks.Length, merge.To));
    }

    [Fact]
    public void What_was_merged_once_at_full_load_is_not_merged_again()
    {
        var merged = Blocks(20, Small * 9, StoreLevel.Live, minutes: 1).ToImmutableArray();
        Assert.Null(Next(merged));
        Assert.Null(Next([.. Blocks(20, Small * 9, StoreLevel.Kept, minutes: 60 * 48)]));
    }

    [Fact]
    public void A_merge_is_never_larger_than_a_block_may_be()
    {
        for (var seed = 1; seed <= 500; seed++)
        {
            var random = new Random(seed);
            var blocks = Enumerable.Range(1, random.Next(60)).Select(id => Block((ulong)id, random.NextInt64(1, 300L << 20), StoreLevel.Live, 1)).ToImmutableArray();
            if (Next(blocks) is CompactionStep.Merge merge)
                Assert.True(merge.Blocks.Length >= Options.Compaction.MergeBlocksMin && merge.Blocks.Sum(block => block.Bytes) <= Options.Compaction.BlockBytesMax, $"seed {seed}");
        }
    }

    [Fact]
    public void Small_blocks_of_a_time_that_is_over_are_merged_whatever_their_number()
    {
        Assert.Null(Next([.. Blocks(2, Small, StoreLevel.Kept, minutes: 90)]));
        Assert.IsType<CompactionStep.Merge>(Next([.. Blocks(2, Small, StoreLevel.Kept, minutes: 60 * 24 * 6)]));
    }

    [Theory]
    [InlineData(0.5, StoreLevel.Live, null)]
    [InlineData(2, StoreLevel.Live, StoreLevel.Kept)]
    [InlineData(24 * 8, StoreLevel.Kept, StoreLevel.Warm)]
    [InlineData(24 * 8, StoreLevel.Live, StoreLevel.Warm)]
    [InlineData(24 * 31, StoreLevel.Warm, StoreLevel.Cold)]
    [InlineData(2, StoreLevel.Cold, null)]
    public void Blocks_move_on_with_the_age_of_their_youngest_span_and_never_back(double hours, StoreLevel from, StoreLevel? to) =>
        Assert.Equal(to, (Next([Block(1, Small, from, hours * 60)]) as CompactionStep.Promote)?.To);

    [Fact]
    public void Where_rules_decide_blocks_are_written_again_on_their_way_and_no_level_is_passed_by()
    {
        var rules = new SeededRules(StoreLevel.Kept);
        var step = Next([Block(1, Small, StoreLevel.Live, minutes: 60 * 24 * 8)], rules: rules);
        Assert.Equal(StoreLevel.Kept, Assert.IsType<CompactionStep.Merge>(step).To);
        step = Next([Block(1, Small, StoreLevel.Live, minutes: 60 * 24 * 8)], rules: new SeededRules(StoreLevel.Cold));
        Assert.Equal(StoreLevel.Warm, Assert.IsType<CompactionStep.Promote>(step).To);
    }

    [Fact]
    public void What_cannot_be_read_is_not_merged_and_moves_on_undecided()
    {
        var blocks = Blocks(8, Small, StoreLevel.Live, minutes: 1).ToImmutableArray();
        Assert.Null(Next(blocks, damaged: [3]));
        var step = Next([Block(3, Small, StoreLevel.Live, minutes: 120)], damaged: [3], rules: new SeededRules(StoreLevel.Kept));
        Assert.IsType<CompactionStep.Promote>(step);
    }

    [Fact]
    public void What_cannot_be_read_at_the_moment_is_neither_merged_nor_moves_on_past_rules_that_would_decide_it()
    {
        var blocks = Blocks(9, Small, StoreLevel.Live, minutes: 1).ToImmutableArray();
        Assert.DoesNotContain(Assert.IsType<CompactionStep.Merge>(Next(blocks, waiting: [3])).Blocks, block => block.Id == 3);
        ImmutableArray<BlockSummary> due = [Block(3, Small, StoreLevel.Live, minutes: 120), Block(4, Small, StoreLevel.Live, minutes: 120)];
        Assert.Equal([4UL], Assert.IsType<CompactionStep.Merge>(Next(due, waiting: [3], rules: new SeededRules(StoreLevel.Kept))).Blocks.Select(block => block.Id));
        Assert.Null(Next(due, waiting: [3, 4], rules: new SeededRules(StoreLevel.Kept)));
        // Where nothing is decided, moving on takes no reading.
        Assert.Equal(2, Assert.IsType<CompactionStep.Promote>(Next(due, waiting: [3, 4])).Blocks.Length);
    }

    [Fact]
    public void What_is_to_stay_apart_is_decided_all_the_same_and_not_merged_otherwise()
    {
        Assert.Null(Next([.. Blocks(8, Small, StoreLevel.Live, minutes: 1)], apart: [3]));
        Assert.IsType<CompactionStep.Merge>(Next([Block(3, Small, StoreLevel.Live, minutes: 120)], apart: [3], rules: new SeededRules(StoreLevel.Kept)));
    }

    [Fact]
    public void Nothing_is_merged_that_the_disk_has_no_room_for()
    {
        var blocks = Blocks(8, Small, StoreLevel.Live, minutes: 1).ToImmutableArray();
        Assert.Null(Next(blocks, budget: new DiskBudget(Small * 8, Options.FreeBytesMin + Small, Options)));
        var bounded = Options with { DiskBytesMax = Small * 12 };
        Assert.Null(Next(blocks, budget: new DiskBudget(Small * 8, 1L << 40, bounded)));
    }

    [Fact]
    public void A_budget_takes_the_latest_level_first_and_of_it_what_arrived_first()
    {
        ImmutableArray<BlockSummary> blocks =
        [
            Block(1, 10, StoreLevel.Live, 9), Block(2, 10, StoreLevel.Live, 8), Block(3, 10, StoreLevel.Cold, 50), Block(4, 10, StoreLevel.Cold, 60),
            Block(5, 10, StoreLevel.Kept, 20),
        ];
        ulong[] order = [4, 3, 5, 1, 2];
        for (var excess = 0; excess <= 50; excess++)
            Assert.Equal(order.Take((excess + 9) / 10), DiskBudget.Choose(blocks, excess).Select(block => block.Id));
    }

    static CompactionStep? Next(ImmutableArray<BlockSummary> blocks, DiskBudget? budget = null, ulong[]? damaged = null, ulong[]? waiting = null, ulong[]? apart = null, IKeepRules? rules = null)
    {
        var leftOut = new Dictionary<ulong, LeftOut>();
        foreach (var (why, ids) in ((LeftOut, ulong[]?)[])[(LeftOut.Damaged, damaged), (LeftOut.Waiting, waiting), (LeftOut.Apart, apart)])
        {
            foreach (var id in ids ?? [])
                leftOut.Add(id, why);
        }

        return new CompactionPolicy(Options, rules).Next(blocks, UnixNanos.From(Now), budget ?? Ample, leftOut);
    }

    static IEnumerable<BlockSummary> Blocks(int count, long bytes, StoreLevel level, double minutes) =>
        Enumerable.Range(1, count).Select(id => Block((ulong)id, bytes, level, minutes));

    static BlockSummary Block(ulong id, long bytes, StoreLevel level, double minutes)
    {
        var arrived = UnixNanos.From(Now - TimeSpan.FromMinutes(minutes));
        return new BlockSummary(id, bytes, 100, arrived, arrived, arrived, arrived, level, BlockPlace.Folder);
    }
}
