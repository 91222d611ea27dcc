using System.Collections.Immutable;
using Clew.Storage.Blocks;
using Clew.Storage.Head;
using Clew.Storage.Reading;

namespace Clew.Storage;

/// <summary>What the store holds at this moment. The committer and the sealer change it, each in one step; queries take a view and keep it.</summary>
internal sealed class StoreContents(OperationCatalog operations)
{
    readonly Lock _lock = new();
    StoreView _view = StoreView.Empty;
    long _headBytes;

    public StoreView View => Volatile.Read(ref _view);

    /// <summary>No query may begin any more.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>Memory of all batches in the head.</summary>
    public long HeadBytes => Interlocked.Read(ref _headBytes);

    public OperationCatalog Operations => operations;

    public void Open(HeadSegment segment)
    {
        Interlocked.Add(ref _headBytes, segment.MemoryBytes);
        foreach (var batch in segment.Batches)
            operations.Add(batch.TakeOperations());
        Change(view => view with { Segments = view.Segments.Add(segment) });
    }

    public void Open(Block block) => Change(view => view with { Blocks = view.Blocks.Add(block) });

    /// <summary>Nothing is added to a segment any more: it can be sealed, or, when there is nothing in it, forgotten.</summary>
    public void Close(HeadSegment segment)
    {
        segment.IsClosed = true;
        if (segment.SpanCount == 0)
        {
            Change(view => view with { Segments = view.Segments.Remove(segment) });
            segment.Release();
        }
    }

    /// <summary>Shows a batch that just became durable. It may be merged with others at once, and is not to be looked at afterwards.</summary>
    public void Publish(HeadSegment segment, HeadBatch batch)
    {
        var taken = batch.TakeOperations();
        var before = segment.MemoryBytes;
        segment.Add(batch);
        Interlocked.Add(ref _headBytes, segment.MemoryBytes - before);
        // Last: lists that are being made anew take it from here, or find it in the segment.
        operations.Add(taken);
    }

    /// <summary>Makes the lists of services and operations anew after blocks went that nothing took the place of.</summary>
    public void RelistOperations() => operations.Relist(AllOperations());

    // Lazy: the view is taken once the new lists take what arrives.
    IEnumerable<IReadOnlyCollection<ServiceOperation>> AllOperations()
    {
        using var lease = ViewLease.Take(this);
        foreach (var segment in lease.View.Segments)
        {
            foreach (var batch in segment.Batches.ToArray())
                yield return ServiceOperation.AllOf(batch.Batch);
        }

        foreach (var block in lease.View.Blocks)
            yield return FindOperations(block);
    }

    // A block whose operations cannot be read is reported by whoever reads its spans.
    static ServiceOperation[] FindOperations(Block block)
    {
        try
        {
            return block.FindOperations() ?? [];
        }
        catch (IOException)
        {
            return [];
        }
    }

    /// <summary>Shows the block in the place of the segments it was made of.</summary>
    public void Seal(ImmutableArray<HeadSegment> segments, Block block)
    {
        Change(view => new StoreView(view.Segments.RemoveRange(segments), view.Blocks.Add(block)));
        Interlocked.Add(ref _headBytes, -segments.Sum(segment => segment.MemoryBytes));
        foreach (var segment in segments)
            segment.Release();
    }

    /// <summary>Shows a block in the place of those it was merged from. They are closed when the last query that reads them is done.</summary>
    /// <param name="merged">Null when nothing was left of them.</param>
    public void Replace(IReadOnlyCollection<Block> replaced, Block? merged)
    {
        if (merged is null)
        {
            Remove(replaced);
            return;
        }

        Change(view => view with { Blocks = view.Blocks.Insert(view.Blocks.IndexOf(replaced.First()), merged).RemoveRange(replaced) });
        foreach (var block in replaced)
            block.Release();
    }

    /// <summary>Shows blocks no longer.</summary>
    public void Remove(IReadOnlyCollection<Block> removed)
    {
        Change(view => view with { Blocks = view.Blocks.RemoveRange(removed) });
        foreach (var block in removed)
            block.Release();
    }

    /// <summary>Lets go of all blocks and of the head: what no query reads is closed, and its memory free.</summary>
    public void Dispose()
    {
        IsDisposed = true;
        foreach (var block in View.Blocks)
            block.Release();
        foreach (var segment in View.Segments)
            segment.Release();
    }

    void Change(Func<StoreView, StoreView> change)
    {
        lock (_lock)
            Volatile.Write(ref _view, change(_view));
    }
}
