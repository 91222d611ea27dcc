namespace Clew.Storage.Blocks;

/// <summary>Parts of blocks kept in memory between queries, up to a number of bytes; the least recently used goes first.</summary>
internal sealed class BlockCache(long bytesMax)
{
    readonly Lock _lock = new();
    readonly Dictionary<(ulong Block, BlockPart Part), LinkedListNode<Entry>> _entries = [];
    readonly LinkedList<Entry> _byUse = [];
    long _bytes;

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
        lock (_lock)
        {
            if (_entries.TryGetValue((block, part), out var known))
            {
                _byUse.Remove(known);
                _byUse.AddFirst(known);
                return (T)known.Value.Value;
            }
        }

        var (value, bytes) = load();
        lock (_lock)
        {
            if (_entries.ContainsKey((block, part)))
                return value;
            _entries.Add((block, part), _byUse.AddFirst(new Entry(block, part, value, bytes)));
            _bytes += bytes;
            Trim();
        }

        return value;
    }

    /// <summary>Forgets a block that is gone.</summary>
    public void Remove(ulong block)
    {
        lock (_lock)
        {
            foreach (var part in Enum.GetValues<BlockPart>())
            {
                if (_entries.Remove((block, part), out var node))
                {
                    _byUse.Remove(node);
                    _bytes -= node.Value.Bytes;
                }
            }
        }
    }

    // What was just asked for stays, even when it alone is over the bound.
    void Trim()
    {
        while (_bytes > bytesMax && _byUse.Count > 1)
        {
            var last = _byUse.Last!.Value;
            _byUse.RemoveLast();
            _entries.Remove((last.Block, last.Part));
            _bytes -= last.Bytes;
        }
    }

    sealed record Entry(ulong Block, BlockPart Part, object Value, long Bytes);
}
