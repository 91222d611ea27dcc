using Clew.Model;

namespace Clew.Storage.Blocks.Search;

/// <summary>Per row group of a block, how late a row can start that is asked for. Row groups where no row can be are out.</summary>
/// <remarks>Found from what a block keeps in memory; conditions only ever lower it.</remarks>
internal sealed class GroupBounds
{
    readonly UnixNanos?[] _bounds;

    GroupBounds(UnixNanos?[] bounds) => _bounds = bounds;

    public int Count => _bounds.Length;

    /// <summary>The row groups that can hold a span of a selection, as far as that can be said without reading one.</summary>
    public static GroupBounds Of(Block block, SpanSelection selection) => Of(block.SearchTables, selection.Starts, RowTest.AllOf(block, selection));

    public static GroupBounds Of(SearchTables tables, TimeRange starts, RowTest[] tests)
    {
        var bounds = None(tables);
        foreach (var group in tables.Index.Groups)
        {
            if (starts.Overlaps(group.StartMin, group.StartMax))
                bounds.Raise(group.Number, group.StartMax < starts.To ? group.StartMax : starts.To);
        }

        foreach (var test in tests)
            test.Limit(bounds, isMet: true);
        return bounds;
    }

    /// <summary>All row groups are out, but for those of which nothing is known.</summary>
    public static GroupBounds None(SearchTables tables)
    {
        var bounds = new GroupBounds(new UnixNanos?[tables.Index.Groups.Length]);
        foreach (var group in tables.Uses.Damaged)
            bounds.Raise(group, UnixNanos.MaxValue);
        return bounds;
    }

    /// <summary>No row that is asked for starts later; null when there is none.</summary>
    public UnixNanos? this[int group] => _bounds[group];

    public bool Has(int group) => _bounds[group] is not null;

    public GroupBounds Clone() => new([.. _bounds]);

    public void Remove(int group) => _bounds[group] = null;

    /// <summary>A row that is asked for can start as late as this.</summary>
    public void Raise(int group, UnixNanos newest)
    {
        ref var bound = ref _bounds[group];
        if (bound is not { } known || known < newest)
            bound = newest;
    }

    /// <summary>Raises the bound wherever something can occur that passes.</summary>
    /// <param name="passes">Per number; what has none does not pass.</param>
    /// <param name="asked">Look for what passes, or for what does not.</param>
    public void RaiseWhere(Occurrences occurrences, ReadOnlySpan<bool> passes, bool asked = true)
    {
        for (var number = 0; number < occurrences.Count; number++)
        {
            if ((number < passes.Length && passes[number]) == asked)
                RaiseWhere(occurrences, number);
        }
    }

    /// <summary>Raises the bound wherever a number can occur.</summary>
    public void RaiseWhere(Occurrences occurrences, int number)
    {
        foreach (var place in occurrences[number])
        {
            var first = place.Stretch * Occurrences.StretchGroups;
            for (var group = first; group < Math.Min(first + Occurrences.StretchGroups, _bounds.Length); group++)
                Raise(group, place.Newest);
        }
    }

    /// <summary>Keeps what is within both.</summary>
    public void Meet(GroupBounds other)
    {
        for (var group = 0; group < _bounds.Length; group++)
        {
            ref var bound = ref _bounds[group];
            if (other._bounds[group] is not { } newest)
                bound = null;
            else if (bound > newest)
                bound = newest;
        }
    }

    /// <summary>Takes in what is within the other.</summary>
    public void Join(GroupBounds other)
    {
        for (var group = 0; group < _bounds.Length; group++)
        {
            if (other._bounds[group] is { } newest)
                Raise(group, newest);
        }
    }
}
