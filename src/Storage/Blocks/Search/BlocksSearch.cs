using Clew.Model;

namespace Clew.Storage.Blocks.Search;

/// <summary>Searches many blocks: row groups of all of them in one order, the newest first. The answer fills early, and what cannot reach its oldest trace any more is never read.</summary>
/// <remarks>Any number of threads take blocks and row groups from the one queue. A part that cannot be read is reported and left out.</remarks>
internal sealed class BlocksSearch
{
    readonly SpanSelection _selection;
    readonly NewestTraces _newest;
    readonly ReadMeter _meter;
    readonly DamageLog _damage;
    readonly Lock _lock = new();

    // The smallest comes first of a queue: what starts latest has the smallest complement. A block without a search stands for all its row groups.
    readonly PriorityQueue<(Block Block, BlockSearch? Search, int Group), ulong> _queue = new();

    public BlocksSearch(IEnumerable<Block> blocks, SpanSelection selection, NewestTraces newest, ReadMeter meter, DamageLog damage)
    {
        (_selection, _newest, _meter, _damage) = (selection, newest, meter, damage);
        foreach (var block in blocks)
        {
            if (selection.Starts.Overlaps(block.Summary.StartMin, block.Summary.StartMax))
                _queue.Enqueue((block, null, 0), ~block.Summary.StartMax.Value);
            else
                meter.CountBlock(isPruned: true);
        }
    }

    /// <summary>Nothing that is left can change the answer, or may be read.</summary>
    public bool IsDone
    {
        get
        {
            lock (_lock)
                return _meter.IsSpent || !HasNext();
        }
    }

    /// <summary>Opens and searches up to <paramref name="workCountMax"/> blocks and row groups.</summary>
    /// <returns>Whether there may be more for this thread: no longer when all that is left is being opened by others, who then search it.</returns>
    public bool Search(int workCountMax, CancellationToken cancellation)
    {
        var searches = new Dictionary<BlockSearch, GroupSearch>();
        try
        {
            for (var count = 0; count < workCountMax; count++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (_meter.IsSpent || TryTake() is not var (block, search, number))
                    return false;
                if (search is null)
                    _damage.TryRead(block.Summary, () => Begin(block));
                else
                    _damage.TryRead(search.Groups[number], () => SearchOf(search).Search(search.Groups[number], _newest, _meter));
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

    bool HasNext() => _queue.TryPeek(out _, out var age) && new UnixNanos(~age) >= _newest.Horizon;

    (Block Block, BlockSearch? Search, int Group)? TryTake()
    {
        lock (_lock)
            return HasNext() ? _queue.Dequeue() : null;
    }

    // May take its time, with nothing locked: the block's tables are read.
    void Begin(Block block)
    {
        var search = BlockSearch.Begin(block, _selection);
        (int Group, UnixNanos Newest)[] candidates = search is null ? [] : [.. search.Candidates()];
        _meter.CountBlock(isPruned: candidates.Length == 0);
        if (search is null || candidates.Length == 0)
            return;
        _meter.CountPrunedGroups(search.Groups.Length - candidates.Length);
        lock (_lock)
            _queue.EnqueueRange(candidates.Select(found => ((block, (BlockSearch?)search, found.Group), ~found.Newest.Value)));
    }
}
