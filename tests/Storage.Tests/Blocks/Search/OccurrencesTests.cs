using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Blocks.Search;

namespace Clew.Storage.Tests.Blocks.Search;

public sealed class OccurrencesTests
{
    const int ThingCount = 12;

    [Fact]
    public void A_distance_loses_a_1024th_and_never_grows()
    {
        var random = new Random(1);
        var before = (Nanos: 0UL, Code: (ushort)0);
        foreach (var nanos in Enumerable.Range(0, 200_000).Select(_ => (ulong)random.NextInt64() >> random.Next(64)).Append(0UL).Append(ulong.MaxValue).Order())
        {
            var code = ShortDistance.Of(nanos);
            var read = ShortDistance.Nanos(code);
            Assert.True(read <= nanos && nanos - read < Math.Max(1UL << RowGroupDirectory.StartShift, (nanos >> 10) + (1UL << RowGroupDirectory.StartShift)), $"{nanos} becomes {read}");
            Assert.True(code != ShortDistance.None && code >= before.Code, $"{nanos} has {code}, and {before.Nanos} {before.Code}");
            before = (nanos, code);
        }
    }

    [Fact]
    public void Things_are_where_they_occur_and_a_little_around_and_none_later_than_is_said()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var groups = Groups(random, random.Next(1, seed % 10 == 0 ? 3_000 : 60));
            var starts = new StretchStarts(groups);
            using var collector = new OccurrenceCollector(starts, ThingCount);
            var expected = new SortedDictionary<int, UnixNanos>[ThingCount];
            for (var thing = 0; thing < ThingCount; thing++)
                expected[thing] = [];
            foreach (var group in groups)
                collector.Add(group.Number, Uses(random, group, expected));
            var found = collector.ToOccurrences();
            for (var thing = 0; thing < ThingCount; thing++)
                AssertSame(expected[thing], found[thing], starts, $"seed {seed}, thing {thing}");
        }
    }

    [Fact]
    public void A_thing_that_is_in_two_stretches_far_apart_is_found_in_both()
    {
        int[] places = [3, 65_535 * Occurrences.StretchGroups, 65_536 * Occurrences.StretchGroups, 200_000 * Occurrences.StretchGroups, 400_000 * Occurrences.StretchGroups];
        var groups = new RowGroupInfo[(400_000 * Occurrences.StretchGroups) + 1];
        for (var number = 0; number < groups.Length; number++)
            groups[number] = Group(number, new UnixNanos(1));
        using var collector = new OccurrenceCollector(new StretchStarts(groups), 1);
        foreach (var place in places)
            collector.Add(place, [new RowGroupDirectory.Used(0, new UnixNanos(1))]);
        var found = new List<int>();
        foreach (var place in collector.ToOccurrences()[0])
            found.Add(place.Stretch);
        Assert.Equal(places.Select(StretchStarts.Of), found);
    }

    // Things are everywhere, or hardly anywhere, by their number.
    static List<RowGroupDirectory.Used> Uses(Random random, RowGroupInfo group, SortedDictionary<int, UnixNanos>[] expected)
    {
        var uses = new List<RowGroupDirectory.Used>();
        for (var thing = 0; thing < ThingCount; thing++)
        {
            if (random.Next(1 << thing) > 0)
                continue;
            var newest = group.StartMax.Minus((ulong)random.NextInt64(1L << random.Next(1, 45)));
            uses.Add(new RowGroupDirectory.Used(thing, newest));
            var stretch = StretchStarts.Of(group.Number);
            if (!expected[thing].TryGetValue(stretch, out var known) || known < newest)
                expected[thing][stretch] = newest;
        }

        return uses;
    }

    static void AssertSame(SortedDictionary<int, UnixNanos> expected, Occurrences.Places found, StretchStarts starts, string what)
    {
        var stretches = new List<int>();
        foreach (var place in found)
        {
            stretches.Add(place.Stretch);
            var truth = expected[place.Stretch];
            var allowed = truth.NanosUntil(starts.Newest(place.Stretch, 0)) >> 10;
            Assert.True(place.Newest >= truth && truth.NanosUntil(place.Newest) <= allowed + (1UL << RowGroupDirectory.StartShift), $"{what}: {place.Newest} for {truth}");
        }

        Assert.True(expected.Keys.SequenceEqual(stretches), what);
    }

    static RowGroupInfo[] Groups(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(number => Group(number, new UnixNanos(1_785_000_000_000_000_000 + (ulong)random.NextInt64(1L << random.Next(1, 50)))))];

    static RowGroupInfo Group(int number, UnixNanos startMax) => new()
    {
        Number = number, Offset = 0, Bytes = 0, DirectoryOffset = 0, DirectoryBytes = 0, Rows = 1, FirstTrace = default, LastTrace = default,
        StartMin = startMax, StartMax = startMax, DurationMin = 0, DurationMax = 0, OwnStrings = 0, HasComposites = false,
    };
}
