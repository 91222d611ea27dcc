using Clew.Model;

namespace Clew.Storage.Blocks.Search;

/// <summary>A selection bound to one block: its conditions as tests, and the row groups that can hold a span of it. Any number of threads use it.</summary>
internal sealed class BlockSearch
{
    readonly GroupBounds _bounds;

    BlockSearch(Block block, SpanSelection selection)
    {
        (Block, Starts) = (block, selection.Starts);
        Groups = block.SearchTables.Index.Groups;
        Tests = RowTest.AllOf(block, selection);
        _bounds = GroupBounds.Of(block.SearchTables, selection.Starts, Tests);
    }

    public Block Block { get; }

    public RowGroupInfo[] Groups { get; }

    /// <summary>Those that read less come first.</summary>
    public RowTest[] Tests { get; }

    public TimeRange Starts { get; }

    /// <summary>Prepares a search; null when the list of operations rules the whole block out.</summary>
    public static BlockSearch? Begin(Block block, SpanSelection selection)
    {
        if (block.FindOperations() is { } operations && !Array.Exists(operations, operation => ConditionBounds.CanMatch(selection, operation)))
            return null;
        return new BlockSearch(block, selection);
    }

    public bool IsCandidate(int group) => _bounds.Has(group);

    /// <summary>The row groups to look at, and how late a span that is asked for can start in each.</summary>
    public IEnumerable<(int Group, UnixNanos Newest)> Candidates()
    {
        for (var group = 0; group < _bounds.Count; group++)
        {
            if (_bounds[group] is { } newest)
                yield return (group, newest);
        }
    }
}
