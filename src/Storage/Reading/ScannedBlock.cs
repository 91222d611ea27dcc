using System.Collections.Immutable;
using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Blocks.Search;

namespace Clew.Storage.Reading;

/// <summary>A block with what a scan looks for in it. Any number of threads use it.</summary>
internal sealed class ScannedBlock
{
    ScannedBlock(Block block, BlockSearch?[] searches)
    {
        (Block, Searches) = (block, searches);
        Groups = block.Index.Groups;
        var wanted = new SortedSet<int>();
        foreach (var search in searches)
        {
            if (search is not null)
                wanted.UnionWith(search.Candidates().Select(candidate => candidate.Group));
        }

        Wanted = [.. wanted];
    }

    public Block Block { get; }

    /// <summary>Per selection; null for those that nothing in the block meets.</summary>
    public BlockSearch?[] Searches { get; }

    /// <summary>All row groups.</summary>
    public RowGroupInfo[] Groups { get; }

    /// <summary>Those that may hold a span that meets one of the selections, ascending.</summary>
    public int[] Wanted { get; }

    /// <summary>Prepares a block; null when it is ruled out as a whole.</summary>
    public static ScannedBlock? Open(Block block, ImmutableArray<SpanSelection> selections)
    {
        var searches = new BlockSearch?[selections.Length];
        for (var at = 0; at < searches.Length; at++)
        {
            if (selections[at].Starts.Overlaps(block.Summary.StartMin, block.Summary.StartMax))
                searches[at] = BlockSearch.Begin(block, selections[at]);
        }

        return Array.TrueForAll(searches, search => search is null) ? null : new ScannedBlock(block, searches);
    }
}
