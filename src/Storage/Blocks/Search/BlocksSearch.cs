using Clew.Model;

namespace Clew.Storage.Blocks.Search;

/// <summary>Searches many blocks: row groups of all of them in one order, the newest first. The answer fills early, and what cannot reach its oldest trace any more is never read.</summary>
/// <remarks>Any number of threads take row groups from the one queue. A part that cannot be read is reported and left out.</remarks>
internal sealed class BlocksSearch
{
    readonly SpanSelection _selection;
    readonly NewestTraces _newest;
    readonly DamageLog _damage;
    readonly Lock _lock = new();

    // The smallest comes first of a queue: what starts latest has the smallest complement. A block without a search stands for all its row groups.
    readonly PriorityQueue<(Block Block, BlockSearch? Search, int Group), ulong> _queue = new();

    public BlocksSearch(IEnumerable<Block> blocks, SpanSelection selection, NewestTraces newest, DamageLog damage)
    {
        (_selection, _newest, _damage) = (selection, newest, damage);
        foreach (var block in blocks)
        {
            if (selection.Starts.Overlaps(block.Summary.StartMin, block.Summary.StartMax))
                _queue.Enqueue((block, null, 0), ~block.Summary.StartMax.Value);
        }
    }

    /// <summary>Nothing that is left can change the answer.</summary>
    public bool IsDone
    {
        get
        {
            lock (_lock)
                return !HasNext();
        }
    }

    /// <summary>Searches up to <paramref name="groupCountMax"/> row groups.</summary>
    /// <returns>Whether there may be more to search.</returns>
    public bool Search(int groupCountMax, CancellationToken cancellation)
    {
        var searches = new Dictionary<BlockSearch, GroupSearch>();
        try
        {
            for (var count = 0; count < groupCountMax; count++)
            {
                if (TakeNext(cancellation) is not var (search, group))
                    return false;
                TryRead(() => SearchOf(search).Search(group, _newest), failure => _damage.AddRowGroup(failure, group));
            }

            return true;
        }
        finally
        {
            foreach (var search in searches.Values)
                search.Dispose();
        }

        GroupSearch SearchOf(BlockSearch search)
        {
            if (!searches.TryGetValue(search, out var known))
                searches.Add(search, known = new GroupSearch(search));
            return known;
        }
    }

    (BlockSearch Search, RowGroupInfo Group)? TakeNext(CancellationToken cancellation)
    {
        lock (_lock)
        {
            while (HasNext())
            {
                cancellation.ThrowIfCancellationRequested();
                var (block, search, group) = _queue.Dequeue();
                if (search is not null)
                    return (search, search.Groups[group]);
                TryRead(() => Begin(block), failure => _damage.AddBlock(failure, block.Summary));
            }

            return null;
        }
    }

    bool HasNext() => _queue.TryPeek(out _, out var age) && new UnixNanos(~age) >= _newest.Horizon;

    void Begin(Block block)
    {
        if (BlockSearch.Begin(block, _selection) is { } search)
            _queue.EnqueueRange(search.Candidates().Select(found => ((block, (BlockSearch?)search, found.Group), ~found.Newest.Value)));
    }

    static void TryRead(Action read, Action<IOException> report)
    {
        try
        {
            read();
        }
        catch (IOException failure) when (failure is not UnsupportedFormatException)
        {
            report(failure);
        }
    }
}
