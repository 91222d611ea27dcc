using Clew.Model;

namespace Clew.Storage.Head;

/// <summary>The batches of one segment. Only the committer adds; any number of threads read, each as many as there were when it looked.</summary>
internal sealed class HeadSegment(ulong id, UnixNanos created)
{
    HeadBatch[] _batches = new HeadBatch[64];
    int _count;
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
