using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Reading;

namespace Clew.Storage.Compaction;

/// <summary>Looks for parts of a trace outside of the blocks that are being merged: a trace is decided only as a whole.</summary>
/// <remarks>Holds on to the other blocks until it is disposed; of the head it remembers the trace ids.</remarks>
internal sealed class TraceElsewhere : IDisposable
{
    readonly List<Block> _blocks = [];
    readonly HashSet<TraceId> _head = [];
    readonly IReadOnlyDictionary<ulong, StoreLevel> _levels;
    readonly StoreLevel _to;

    /// <param name="levels">Of all blocks, by number.</param>
    /// <param name="to">The level that is decided about.</param>
    public TraceElsewhere(StoreContents contents, IReadOnlyCollection<Block> merged, IReadOnlyDictionary<ulong, StoreLevel> levels, StoreLevel to)
    {
        _levels = levels;
        _to = to;
        using var lease = ViewLease.Take(contents);
        _blocks.AddRange(lease.View.Blocks.Where(block => !merged.Contains(block) && block.TryAcquire()));
        foreach (var segment in lease.View.Segments)
        {
            foreach (var batch in segment.Batches)
                AddHead(batch.Batch.Spans.TraceIds.Values);
        }
    }

    /// <summary>What is known of a trace from its other parts: null when there are none; else the decision that they followed at this level or a later one, if they did.</summary>
    public KeepDecision? Find(TraceId id)
    {
        var found = _head.Contains(id) ? KeepDecision.Undecided : null;
        foreach (var block in _blocks)
        {
            if (FindIn(block, id) is not { } decision)
                continue;
            if (decision.IsDecided && _levels.TryGetValue(block.Summary.Id, out var level) && level >= _to)
                return decision;
            found = KeepDecision.Undecided;
        }

        return found;
    }

    public void Dispose() => _blocks.ForEach(block => block.Release());

    void AddHead(ReadOnlySpan<TraceId> ids)
    {
        var before = default(TraceId);
        foreach (var id in ids)
        {
            if (id != before)
                _head.Add(id);
            before = id;
        }
    }

    static KeepDecision? FindIn(Block block, TraceId id)
    {
        try
        {
            return block.FindDecision(id);
        }
        catch (IOException)
        {
            // What cannot be read may have a part of it. Whoever reads the block for its spans reports the damage.
            return KeepDecision.Undecided;
        }
    }
}
