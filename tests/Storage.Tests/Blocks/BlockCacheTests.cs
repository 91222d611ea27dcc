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
    [InlineData(11, 30)]
    [InlineData(12, 45)]
    [InlineData(20, 130)]
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
    public void A_new_part_that_is_asked_for_again_at_once_stays()
    {
        AskForAll(0, 10);
        for (var round = 0; round < 10; round++)
        {
            AskFor(50);
            AskFor(50);
            AskForAll(100 + (ulong)round, 1);
        }

        Assert.Equal(10 + 1 + 10, _loadCount);
    }

    [Fact]
    public void Parts_that_are_not_asked_for_any_more_make_room_for_those_that_are()
    {
        for (var round = 0; round < 10; round++)
            AskForAll(0, 10);
        for (var round = 0; round < 20; round++)
            AskForAll(100, 10);
        _loadCount = 0;
        AskForAll(100, 10);
        Assert.Equal(0, _loadCount);
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
        for (var number = 0; number < count; number++)
            AskFor(first + (ulong)number);
    }

    void AskFor(ulong block) => Assert.Equal($"{block}", _cache.Get(block, BlockPart.Tables, () =>
    {
        _loadCount++;
        return ($"{block}", (long)PartBytes);
    }));
}
