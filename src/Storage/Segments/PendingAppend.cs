using Clew.Model;
using Clew.Storage.Columns;
using Clew.Storage.Head;

namespace Clew.Storage.Segments;

/// <summary>A batch on its way to the disk, and whoever waits for it.</summary>
internal sealed class PendingAppend(ByteWriter record, HeadBatch batch)
{
    // Whoever waits goes on elsewhere: the committer has the next flush to begin.
    readonly TaskCompletionSource<AppendResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HeadBatch Batch => batch;

    public ByteWriter Record => record;

    /// <summary>What counts against the bytes in flight.</summary>
    public int Bytes { get; } = record.Count;

    public Task<AppendResult> Result => _completion.Task;

    public void Complete(AppendResult result) => _completion.TrySetResult(result);

    public void Fail(Exception failure) => _completion.TrySetException(failure);
}
