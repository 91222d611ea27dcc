using Clew.Model;

namespace Clew.Storage.Head;

/// <summary>A durable batch in memory, with what lets a query pass it by.</summary>
internal sealed class HeadBatch
{
    IReadOnlyCollection<ServiceOperation> _operations;

    public HeadBatch(SpanBatch batch)
    {
        batch.Trim();
        Batch = batch;
        MemoryBytes = BatchMemory.Of(batch);
        var earliest = UnixNanos.MaxValue;
        var latest = UnixNanos.MinValue;
        foreach (var start in batch.Spans.Starts.Values)
        {
            earliest = start < earliest ? start : earliest;
            latest = start > latest ? start : latest;
        }

        StartMin = earliest;
        StartMax = latest;
        _operations = ServiceOperation.AllOf(batch);
    }

    public SpanBatch Batch { get; }

    public UnixNanos StartMin { get; }

    public UnixNanos StartMax { get; }

    public long MemoryBytes { get; }

    /// <summary>The distinct operations of its spans, once: they are listed when the batch becomes visible, and not needed in memory after that.</summary>
    public IReadOnlyCollection<ServiceOperation> TakeOperations()
    {
        var operations = _operations;
        _operations = [];
        return operations;
    }
}
