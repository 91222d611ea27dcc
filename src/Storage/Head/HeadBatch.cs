using Clew.Model;
using Clew.Storage.Blocks;

namespace Clew.Storage.Head;

/// <summary>A durable batch in memory, with what lets a query pass it by.</summary>
internal sealed class HeadBatch
{
    IReadOnlyCollection<ServiceOperation> _operations;

    public HeadBatch(SpanBatch batch)
        : this(batch, ServiceOperation.AllOf(batch))
    {
    }

    HeadBatch(SpanBatch batch, IReadOnlyCollection<ServiceOperation> operations)
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
        _operations = operations;
    }

    /// <summary>One batch with the spans of all, in order; they stay as they are.</summary>
    public static HeadBatch Merge(HeadBatch[] batches) =>
        new(BatchMerger.Merge(Array.ConvertAll(batches, batch => batch.Batch)), [.. batches.SelectMany(batch => batch._operations).Distinct()]);

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
