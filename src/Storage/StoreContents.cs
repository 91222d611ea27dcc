using Clew.Storage.Head;

namespace Clew.Storage;

/// <summary>What the store holds at this moment. The committer and the sealer change it, each in one step; queries take a view and keep it.</summary>
internal sealed class StoreContents(OperationCatalog operations)
{
    readonly Lock _lock = new();
    StoreView _view = StoreView.Empty;
    long _headBytes;

    public StoreView View => Volatile.Read(ref _view);

    /// <summary>Memory of all batches in the head.</summary>
    public long HeadBytes => Interlocked.Read(ref _headBytes);

    public OperationCatalog Operations => operations;

    public void Open(HeadSegment segment)
    {
        Interlocked.Add(ref _headBytes, segment.MemoryBytes);
        foreach (var batch in segment.Batches)
            operations.Add(batch.Operations);
        lock (_lock)
            Volatile.Write(ref _view, _view with { Segments = _view.Segments.Add(segment) });
    }

    /// <summary>Nothing is added to a segment any more: it can be sealed, or, when there is nothing in it, forgotten.</summary>
    public void Close(HeadSegment segment)
    {
        segment.IsClosed = true;
        if (segment.SpanCount > 0)
            return;
        lock (_lock)
            Volatile.Write(ref _view, _view with { Segments = _view.Segments.Remove(segment) });
    }

    /// <summary>Shows a batch that just became durable.</summary>
    public void Publish(HeadSegment segment, HeadBatch batch)
    {
        operations.Add(batch.Operations);
        Interlocked.Add(ref _headBytes, batch.MemoryBytes);
        segment.Add(batch);
    }
}
