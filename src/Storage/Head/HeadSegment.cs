using Clew.Model;

namespace Clew.Storage.Head;

/// <summary>The batches of one segment. Only the committer adds; any number of threads read, each as many as there were when it looked.</summary>
/// <remarks>
/// <para>The batches stay until the store, which lets go when they are in a block, and every query that looks at them have let go of the segment; then others use their memory.</para>
/// <para>A batch of one span takes a hundred times the memory of its span, and a query a hundred times as long. So, sixteen small ones in a row become one, and
/// sixteen of those again, up to a size where that pays no more: a span is moved a few times at most.</para>
/// </remarks>
internal sealed class HeadSegment(ulong id, UnixNanos created)
{
    const int MergeCount = 16, MergedSpansMax = 4_096;

    readonly List<byte> _generations = [];
    HolderCount _holders = new();
    BatchList _list = new();
    volatile bool _isClosed;

    public ulong Id => id;

    public UnixNanos Created => created;

    /// <summary>Nothing is added any more: whoever sees this sees all batches.</summary>
    public bool IsClosed
    {
        get => _isClosed;
        set => _isClosed = value;
    }

    /// <summary>The file holds something that could not be read, and is to be set aside rather than deleted.</summary>
    public bool IsDamaged { get; init; }

    public long FileBytes { get; set; }

    public long SpanCount { get; private set; }

    public long MemoryBytes { get; private set; }

    /// <summary>The batches there are now, for who holds on to the segment. The answer does not change when more are added.</summary>
    public ReadOnlySpan<HeadBatch> Batches => Volatile.Read(ref _list).Items;

    /// <summary>Holds on to the batches; false when they are gone already.</summary>
    public bool TryAcquire() => _holders.TryAdd();

    /// <summary>Lets go of the batches; the last to do so frees their memory.</summary>
    public void Release()
    {
        if (!_holders.Remove())
            return;
        foreach (var batch in Batches)
            batch.Batch.Release();
    }

    public void Add(HeadBatch batch)
    {
        SpanCount += batch.Batch.SpanCount;
        MemoryBytes += batch.MemoryBytes;
        _list.Add(batch);
        _generations.Add(0);
        while (CanMergeLast())
            MergeLast();
    }

    bool CanMergeLast()
    {
        if (_generations.Count < MergeCount)
            return false;
        var spans = 0;
        for (var at = _generations.Count - MergeCount; at < _generations.Count; at++)
        {
            if (_generations[at] != _generations[^1])
                return false;
            spans += _list.Items[at].Batch.SpanCount;
        }

        return spans <= MergedSpansMax;
    }

    void MergeLast()
    {
        var (kept, generation) = (_generations.Count - MergeCount, _generations[^1]);
        var replaced = _list.Items[kept..].ToArray();
        var merged = HeadBatch.Merge(replaced);
        Volatile.Write(ref _list, new BatchList(_list.Items[..kept], merged));
        _generations.RemoveRange(kept, MergeCount);
        _generations.Add((byte)(generation + 1));
        MemoryBytes += merged.MemoryBytes - replaced.Sum(batch => batch.MemoryBytes);
        // Queries that began before may still be looking at those that were replaced: the garbage collector finds out when they are done.
        if (!_holders.IsOne)
            return;
        foreach (var batch in replaced)
            batch.Batch.Release();
    }

    /// <summary>Batches that one thread adds to while others read.</summary>
    sealed class BatchList
    {
        HeadBatch[] _items;
        int _count;

        public BatchList() => _items = new HeadBatch[64];

        public BatchList(ReadOnlySpan<HeadBatch> first, HeadBatch last)
        {
            _items = new HeadBatch[Math.Max(64, first.Length * 5 / 4 + 1)];
            first.CopyTo(_items);
            _items[first.Length] = last;
            _count = first.Length + 1;
        }

        public ReadOnlySpan<HeadBatch> Items
        {
            get
            {
                // The count is read first: the array then has at least that many.
                var count = Volatile.Read(ref _count);
                return Volatile.Read(ref _items).AsSpan(0, count);
            }
        }

        public void Add(HeadBatch batch)
        {
            if (_count == _items.Length)
            {
                var larger = new HeadBatch[_count * 2];
                _items.CopyTo(larger, 0);
                Volatile.Write(ref _items, larger);
            }

            _items[_count] = batch;
            Volatile.Write(ref _count, _count + 1);
        }
    }
}
