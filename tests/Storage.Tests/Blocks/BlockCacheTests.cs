using Clew.Storage.Blocks;

namespace Clew.Storage.Tests.Blocks;

public sealed class BlockCacheTests
{
    const int PartBytes = 100;

    readonly BlockCache _cache = new(10 * PartBytes);
    int _loadCount;

    [Fact]
    public void What_fits_is_loaded_once()
    {
        for (var round = 0; round < 5; round++)
            AskForAll(0, 10);
        Assert.Equal(10, _loadCount);
        Assert.Equal(10 * PartBytes, _cache.Bytes);
    }

    [Theory]
    [InlineData(11, 45)]
    [InlineData(12, 55)]
    [InlineData(20, 145)]
    public void Of_parts_that_are_asked_for_in_turn_most_that_fit_are_found_however_many_do_not(int count, int loadsPerTenRounds)
    {
        for (var round = 0; round < 20; round++)
            AskForAll(0, count);
        _loadCount = 0;
        for (var round = 0; round < 10; round++)
            AskForAll(0, count);
        Assert.True(_loadCount <= loadsPerTenRounds, $"{_loadCount} loads in ten rounds of {count}");
        Assert.True(_cache.Bytes <= 10 * PartBytes, $"{_cache.Bytes} bytes");
    }

    [Fact]
    public void What_is_used_all_the_time_stays_whatever_else_passes_by()
    {
        AskForAll(0, 3);
        for (ulong other = 100; other < 1_000; other++)
        {
            AskFor(other);
            AskForAll(0, 3);
        }

        Assert.Equal(3 + 900, _loadCount);
    }

    [Fact]
    public void A_new_part_that_is_asked_for_often_comes_to_stay()
    {
        AskForAll(0, 10);
        for (var round = 0; round < 300; round++)
        {
            AskFor(50);
            AskForAll(100 + (ulong)round, 1);
        }

        Assert.True(_loadCount <= 10 + 300 + 30, $"{_loadCount} loads");
    }

    [Fact]
    public void Parts_that_are_not_asked_for_any_more_make_room_for_those_that_are()
    {
        for (var round = 0; round < 10; round++)
            AskForAll(0, 10);
        for (var round = 0; round < 100; round++)
            AskForAll(100, 10);
        _loadCount = 0;
        for (var round = 0; round < 10; round++)
            AskForAll(100, 10);
        Assert.True(_loadCount <= 10, $"{_loadCount} loads in ten rounds");
    }

    [Fact]
    public void A_part_that_is_larger_than_the_cache_is_the_only_one()
    {
        AskForAll(0, 5);
        _cache.Get(9, BlockPart.Tables, () => ("large", 11L * PartBytes));
        Assert.Equal("large", _cache.Find<string>(9, BlockPart.Tables));
        Assert.Null(_cache.Find<string>(1, BlockPart.Tables));
    }

    void AskForAll(ulong first, int count)
    {
        // A query asks for a part more than once.
        for (var number = 0; number < count * 3; number++)
            AskFor(first + (ulong)(number / 3));
    }

    void AskFor(ulong block) => Assert.Equal($"{block}", _cache.Get(block, BlockPart.Tables, () =>
    {
        _loadCount++;
        return ($"{block}", (long)PartBytes);
    }));
}
