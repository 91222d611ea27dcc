using Clew.Model;

namespace Clew.Storage.Head;

/// <summary>The batches of one segment. Only the committer adds; any number of threads read, each as many as there were when it looked.</summary>
/// <remarks>The batches stay until the store, which lets go when they are in a block, and every query that looks at them have let go of the segment; then others use their memory.</remarks>
internal sealed class HeadSegment(ulong id, UnixNanos created)
{
    HeadBatch[] _batches = new HeadBatch[64];
    int _count;
    HolderCount _holders = new();
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

    /// <summary>The batches there are now. The answer does not change when more are added.</summary>
    public ReadOnlySpan<HeadBatch> Batches
    {
        get
        {
            // The count is read first: the array then has at least that many.
            var count = Volatile.Read(ref _count);
            return Volatile.Read(ref _batches).AsSpan(0, count);
        }
    }

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
        if (_count == _batches.Length)
        {
            var larger = new HeadBatch[_count * 2];
            _batches.CopyTo(larger, 0);
            Volatile.Write(ref _batches, larger);
        }

        _batches[_count] = batch;
        SpanCount += batch.Batch.SpanCount;
        MemoryBytes += batch.MemoryBytes;
        Volatile.Write(ref _count, _count + 1);
    }
}
