namespace Clew.Storage.Blocks;

/// <summary>Parts of blocks kept in memory between queries, up to a number of bytes; the least recently used goes first.</summary>
/// <remarks>
/// When all that queries ask for in turn is more than fits, what is used least recently is what is asked for next, and to make room for every part would keep none until it is of use. So what
/// is new to a full cache is a guest: guests share an eighth of the room, and the oldest of them goes, however often the query that brought it uses it. One in
/// <see cref="NewPerAdmission"/>, by lot, is kept instead of what was used least recently. Most of what fits is then found as before, and only the rest is read.
/// </remarks>
internal sealed class BlockCache(long bytesMax)
{
    /// <summary>How slowly a full cache follows when other parts are asked for than before.</summary>
    const int NewPerAdmission = 8;

    readonly long _keptBytesMax = bytesMax - (bytesMax / 8);
    readonly Lock _lock = new();
    readonly Dictionary<(ulong Block, BlockPart Part), LinkedListNode<Entry>> _entries = [];
    readonly LinkedList<Entry> _kept = [], _guests = [];
    readonly Random _lot = new(1);
    long _bytes, _keptBytes;

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
                Add(new Entry(block, part, value, bytes) { IsGuest = IsGuest(bytes) });
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
            if (!known.Value.IsGuest)
            {
                _kept.Remove(known);
                _kept.AddFirst(known);
            }

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

    bool IsGuest(long bytes) => _keptBytes + bytes > _keptBytesMax && (_bytes + bytes <= bytesMax || _lot.Next(NewPerAdmission) > 0);

    // Room is made before it is there: what was just asked for stays, even when it alone is over the bound.
    void Add(Entry entry)
    {
        while (!entry.IsGuest && _keptBytes + entry.Bytes > _keptBytesMax && _kept.Last is { } last)
            Remove(last);
        while (_bytes + entry.Bytes > bytesMax && (_guests.Last ?? _kept.Last) is { } last)
            Remove(last);
        _entries.Add((entry.Block, entry.Part), (entry.IsGuest ? _guests : _kept).AddFirst(entry));
        Count(entry, entry.Bytes);
    }

    Entry Remove(LinkedListNode<Entry> node)
    {
        var entry = node.Value;
        node.List!.Remove(node);
        _entries.Remove((entry.Block, entry.Part));
        Count(entry, -entry.Bytes);
        return entry;
    }

    void Count(Entry entry, long bytes)
    {
        _bytes += bytes;
        if (!entry.IsGuest)
            _keptBytes += bytes;
    }

    sealed record Entry(ulong Block, BlockPart Part, object Value, long Bytes)
    {
        public bool IsGuest { get; init; }
    }
}
