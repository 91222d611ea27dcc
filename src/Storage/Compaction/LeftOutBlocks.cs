using System.Collections.Immutable;
using Clew.Storage.Blocks;

namespace Clew.Storage.Compaction;

/// <summary>Which blocks merging came to leave out, and why: what it learned from trying, for as long as a block is listed.</summary>
internal sealed class LeftOutBlocks(TimeProvider time)
{
    static readonly TimeSpan RetryMin = TimeSpan.FromMinutes(1), RetryMax = TimeSpan.FromHours(1);

    readonly Dictionary<ulong, Entry> _entries = [];

    public int Count => _entries.Count;

    /// <summary>Forgets blocks that are not listed any more.</summary>
    public void Prune(ImmutableArray<BlockSummary> listed)
    {
        if (_entries.Count == 0)
            return;
        var ids = listed.Select(block => block.Id).ToHashSet();
        foreach (var gone in _entries.Keys.Where(id => !ids.Contains(id)).ToArray())
            _entries.Remove(gone);
    }

    /// <summary>Null when there is nothing against merging it, or against trying to again.</summary>
    public LeftOut? Find(ulong block)
    {
        if (!_entries.TryGetValue(block, out var entry))
            return null;
        return entry.Why == LeftOut.Waiting && time.GetElapsedTime(entry.Since) >= entry.Wait ? null : entry.Why;
    }

    public void AddDamaged(ulong block) => _entries[block] = new Entry(LeftOut.Damaged, 0, default);

    public void AddApart(ulong block) => _entries[block] = new Entry(LeftOut.Apart, 0, default);

    /// <summary>To be tried again after a while: longer each time, as long as it cannot be read.</summary>
    /// <returns>Whether it could be read before.</returns>
    public bool AddWaiting(ulong block)
    {
        var isNew = !_entries.TryGetValue(block, out var before) || before.Why != LeftOut.Waiting;
        var wait = isNew ? RetryMin : before.Wait * 2;
        _entries[block] = new Entry(LeftOut.Waiting, time.GetTimestamp(), wait < RetryMax ? wait : RetryMax);
        return isNew;
    }

    readonly record struct Entry(LeftOut Why, long Since, TimeSpan Wait);
}
