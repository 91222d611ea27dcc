namespace Clew.Storage.Blocks;

/// <summary>Parts of blocks kept in memory between queries, up to a number of bytes; the least recently used goes first.</summary>
/// <remarks>
/// When all that queries ask for in turn is more than fits, what is used least recently is what is asked for next, and to make room for every part would keep none until it is of use. So in a
/// full cache a new part is the next to go, unless it is used again before that; only one in <see cref="NewPerAdmission"/> takes the place of others. What fits is then found as often
/// as before, and only the rest is read.
/// </remarks>
internal sealed class BlockCache(long bytesMax)
{
    /// <summary>How slowly a full cache follows when other parts are asked for than before.</summary>
    const int NewPerAdmission = 8;

    readonly Lock _lock = new();
    readonly Dictionary<(ulong Block, BlockPart Part), LinkedListNode<Entry>> _entries = [];
    readonly LinkedList<Entry> _byUse = [];
    long _bytes, _newCount;

    public long Bytes
    {
        get
        {
            lock (_lock)
                return _bytes;
        }
    }

    /// <summary>The part, from memory or from <paramref name="load"/>. Two threads that miss at once both load; one result is kept.</summary>
    public T Get<T>(ulong block, BlockPart part, Func<(T Value, long Bytes)> load)
        where T : class
    {
        if (Find<T>(block, part) is { } known)
            return known;
        var (value, bytes) = load();
        lock (_lock)
        {
            if (!_entries.ContainsKey((block, part)))
                Add(new Entry(block, part, value, bytes));
        }

        return value;
    }

    /// <summary>The part; null when it is not in memory.</summary>
    public T? Find<T>(ulong block, BlockPart part)
        where T : class
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue((block, part), out var known))
                return null;
            _byUse.Remove(known);
            _byUse.AddFirst(known);
            return (T)known.Value.Value;
        }
    }

    /// <summary>The part, which is forgotten here; null when it is not in memory.</summary>
    public T? Take<T>(ulong block, BlockPart part)
        where T : class
    {
        lock (_lock)
            return _entries.TryGetValue((block, part), out var known) ? (T)Remove(known).Value : null;
    }

    /// <summary>Forgets a block that is gone.</summary>
    public void Remove(ulong block)
    {
        lock (_lock)
        {
            foreach (var part in Enum.GetValues<BlockPart>())
            {
                if (_entries.TryGetValue((block, part), out var known))
                    Remove(known);
            }
        }
    }

    // Room is made before it is there: what was just asked for stays, even when it alone is over the bound.
    void Add(Entry entry)
    {
        var isFull = _bytes + entry.Bytes > bytesMax;
        while (_bytes + entry.Bytes > bytesMax && _byUse.Last is { } last)
            Remove(last);
        var node = isFull && _newCount++ % NewPerAdmission > 0 ? _byUse.AddLast(entry) : _byUse.AddFirst(entry);
        _entries.Add((entry.Block, entry.Part), node);
        _bytes += entry.Bytes;
    }

    Entry Remove(LinkedListNode<Entry> node)
    {
        var entry = node.Value;
        _byUse.Remove(node);
        _entries.Remove((entry.Block, entry.Part));
        _bytes -= entry.Bytes;
        return entry;
    }

    sealed record Entry(ulong Block, BlockPart Part, object Value, long Bytes);
}
