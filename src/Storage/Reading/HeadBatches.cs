using Clew.Storage.Head;

namespace Clew.Storage.Reading;

/// <summary>The batches of the head in a view, for the threads of a scan to take one by one.</summary>
internal sealed class HeadBatches(StoreView view)
{
    readonly HeadBatch[] _batches = [.. view.Segments.SelectMany(segment => segment.Batches.ToArray())];
    int _next = -1;

    public IReadOnlyList<HeadBatch> All => _batches;

    /// <summary>The next one; null when all are taken.</summary>
    public HeadBatch? Take() => Interlocked.Increment(ref _next) is var at && at < _batches.Length ? _batches[at] : null;
}
