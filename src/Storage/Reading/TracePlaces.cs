using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Columns;

namespace Clew.Storage.Reading;

/// <summary>Where a scan has to look for parts of a trace: the head, and all blocks, whose filters it holds. Any number of threads ask once it is complete.</summary>
/// <remarks>Most traces are in one place, as neighbours. To know it of one costs a look at a filter per block, in memory, and for one in a hundred a look at the block's index.</remarks>
internal sealed class TracePlaces(HeadTraces head, DamageLog damage)
{
    readonly List<Place> _blocks = [];

    public HeadTraces Head => head;

    /// <summary>Adds a block. One that cannot be reached has no parts of traces.</summary>
    /// <param name="isFar">It is not read before its turn: what its filter has, it may have.</param>
    public void Add(Block block, int order, bool isFar) =>
        damage.TryRead(block.Summary, () => _blocks.Add(new Place(block, order, block.FindTraceFilter(), isFar)));

    /// <summary>Whether there is, or may be, more of a trace than the neighbours in a row group of which they are all or a part.</summary>
    /// <param name="number">The row group, among all of the block.</param>
    /// <param name="repeated">See <see cref="Block.RepeatedTraces"/>.</param>
    public bool IsScattered(TraceId id, Block block, RowGroupInfo[] groups, int number, HashSet<TraceId> repeated)
    {
        var group = groups[number];
        if ((group.FirstTrace == id && number > 0 && groups[number - 1].LastTrace == id)
            || (group.LastTrace == id && number + 1 < groups.Length && groups[number + 1].FirstTrace == id)
            || repeated.Contains(id))
            return true;
        var hash = StableHash.Of(id);
        if (head.Has(id, hash))
            return true;
        foreach (var place in _blocks)
        {
            if (place.Block != block && MayHave(place, hash) && (place.IsFar || FindGroups(place, id).Count > 0))
                return true;
        }

        return false;
    }

    /// <summary>The row groups that have, or may have, spans of some traces, each with the places of its traces in the list; in the order of blocks.</summary>
    public IEnumerable<(Block Block, RowGroupInfo Group, List<int> Traces)> Find(IReadOnlyList<TraceId> ids)
    {
        foreach (var place in _blocks.OrderBy(place => place.Order))
        {
            var tracesOf = new SortedDictionary<int, List<int>>();
            for (var trace = 0; trace < ids.Count; trace++)
            {
                if (!MayHave(place, StableHash.Of(ids[trace])))
                    continue;
                foreach (var group in FindGroups(place, ids[trace]))
                {
                    if (!tracesOf.TryGetValue(group.Number, out var traces))
                        tracesOf.Add(group.Number, traces = []);
                    traces.Add(trace);
                }
            }

            foreach (var (number, traces) in tracesOf)
                yield return (place.Block, place.Block.Index.Groups[number], traces);
        }
    }

    static bool MayHave(Place place, ulong hash) => place.Filter is not { } filter || filter.MayContain(hash);

    List<RowGroupInfo> FindGroups(Place place, TraceId id)
    {
        List<RowGroupInfo> groups = [];
        damage.TryRead(place.Block.Summary, () => groups.AddRange(place.Block.FindGroups(id)));
        return groups;
    }

    sealed record Place(Block Block, int Order, BloomFilter? Filter, bool IsFar);
}
