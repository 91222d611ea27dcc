using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Files;

namespace Clew.Storage.Tests;

/// <summary>The manifest as a file, and as what several writers change.</summary>
public sealed class ManifestTests
{
    [Fact]
    public void A_manifest_is_read_as_it_was_written()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            using var temporary = new TemporaryFolder();
            var folder = DiskFolder.OpenOrCreate(temporary.Path);
            var manifest = Random(new Random(seed));
            manifest.Save(folder);
            var read = Manifest.Load(folder);
            Assert.True(
                read.Blocks.SequenceEqual(manifest.Blocks) && read.Losses.Expired.SequenceEqual(manifest.Losses.Expired)
                && read.Losses.Dropped.SequenceEqual(manifest.Losses.Dropped)
                && read.Store == manifest.Store && read.Garbage.SequenceEqual(manifest.Garbage)
                && (read.Generation, read.FirstLiveSegment, read.NextBlock) == (manifest.Generation, manifest.FirstLiveSegment, manifest.NextBlock),
                $"seed {seed}");
        }
    }

    [Fact]
    public void A_manifest_larger_than_any_is_damage()
    {
        using var temporary = new TemporaryFolder();
        var folder = DiskFolder.OpenOrCreate(temporary.Path);
        using (var file = File.Create(temporary[FileNames.Manifest]))
            file.SetLength(3L << 30);
        Assert.Throws<CorruptFileException>(() => Manifest.Load(folder));
    }

    [Fact]
    public void A_change_that_could_not_be_saved_is_no_change_and_its_generation_is_not_used_again()
    {
        using var temporary = new TemporaryFolder();
        var isBroken = true;
        var folder = new HinderedFolder(temporary.Path)
        {
            Before = (verb, _) =>
            {
                if (isBroken && verb == "rename")
                    throw new IOException("a failure that the test made");
            },
        };
        var file = new ManifestFile(folder, Manifest.Empty);
        var published = 0;
        Assert.Throws<IOException>(() => file.Commit(manifest => manifest with { FirstLiveSegment = 5 }, () => published++));
        Assert.Equal(0UL, file.Current.FirstLiveSegment);
        isBroken = false;
        file.Commit(manifest => manifest with { FirstLiveSegment = manifest.FirstLiveSegment + 1 }, () => published++);
        Assert.Equal(1, published);
        Assert.Equal((2UL, 1UL), (Manifest.Load(folder).Generation, Manifest.Load(folder).FirstLiveSegment));
    }

    [Fact]
    public void An_object_is_garbage_from_when_its_block_is_not_listed_there_any_more_until_it_is_said_to_be_gone()
    {
        using var temporary = new TemporaryFolder();
        var file = new ManifestFile(DiskFolder.OpenOrCreate(temporary.Path), Manifest.Empty);
        BlockSummary local = BlockOf(1, StoreLevel.Warm), warm = local with { Place = BlockPlace.WarmBucket, Tag = 7 }, cold = local with { Place = BlockPlace.ColdBucket, Tag = 8 };
        var steps = new (Func<Manifest, Manifest> Change, BlockObject[] Garbage)[]
        {
            (manifest => manifest with { Blocks = [local] }, []),
            (manifest => manifest with { Garbage = [warm.Object] }, [warm.Object]),
            (manifest => manifest with { Blocks = [warm] }, []),
            (manifest => manifest with { Blocks = [warm with { Level = StoreLevel.Cold }] }, []),
            (manifest => manifest with { Blocks = [cold] }, [warm.Object]),
            (manifest => manifest with { Garbage = [] }, []),
            (manifest => manifest with { Blocks = [] }, [cold.Object]),
        };
        foreach (var (change, garbage) in steps)
        {
            file.Commit(change, () => { });
            Assert.Equal(garbage, file.Current.Garbage);
        }
    }

    [Fact]
    public void Losses_add_up_by_level_and_cause_and_by_reason_of_which_only_so_many_are_told_apart()
    {
        var tally = LossTally.None;
        for (var block = 0; block < 100; block++)
            tally = tally.WithExpired(BlockOf(10, (StoreLevel)(block % 4)), block % 3 == 0 ? ExpiryCause.Age : ExpiryCause.Budget);
        Assert.Equal(8, tally.Expired.Length);
        Assert.Equal((100, 1_000), (tally.Expired.Sum(expired => expired.BlockCount), tally.Expired.Sum(expired => expired.SpanCount)));
        for (var reason = 0; reason < LossTally.ReasonsMax * 2; reason++)
            tally = tally.WithDropped($"reason {reason}", 1, 2);
        tally = tally.WithDropped("reason 0", 10, 20);
        Assert.Equal(LossTally.ReasonsMax, tally.Dropped.Length);
        Assert.Equal((LossTally.ReasonsMax * 2) + 10, tally.Dropped.Sum(dropped => dropped.TraceCount));
        Assert.Equal(new DroppedTraces("reason 0", 11, 22), tally.Dropped[0]);
    }

    static Manifest Random(Random random) => new((ulong)random.NextInt64(), (ulong)random.NextInt64(), (ulong)random.NextInt64(), [.. Many(random, 20, () => RandomBlock(random))])
    {
        Losses = new LossTally(
            [.. Many(random, 8, () => new ExpiredSpans((StoreLevel)random.Next(4), (ExpiryCause)random.Next(2), random.NextInt64(), random.NextInt64(), random.NextInt64()))],
            [.. Many(random, 8, () => new DroppedTraces(new string('ü', random.Next(300)), random.NextInt64(), random.NextInt64()))]),
        Store = new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()),
        Garbage = [.. Many(random, 8, () => new BlockObject((BlockPlace)random.Next(1, 3), (ulong)random.NextInt64(), (ulong)random.NextInt64()))],
    };

    static IEnumerable<T> Many<T>(Random random, int countMax, Func<T> next) => Enumerable.Range(0, random.Next(countMax)).Select(_ => next());

    static BlockSummary RandomBlock(Random random) => new(
        (ulong)random.NextInt64(), random.NextInt64(), random.NextInt64(), Time(random), Time(random), Time(random), Time(random),
        (StoreLevel)random.Next(4), (BlockPlace)random.Next(3))
    { Tag = (ulong)random.NextInt64() };

    static UnixNanos Time(Random random) => new((ulong)random.NextInt64());

    static BlockSummary BlockOf(long spans, StoreLevel level) => new(1, 100, spans, default, default, default, default, level, BlockPlace.Folder);
}
