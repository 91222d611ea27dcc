using Clew.Storage.Blocks;
using Clew.Storage.Buckets;

namespace Clew.Storage.Inspection;

/// <summary>What a verification has found so far, and how far it is. Any thread may write to it.</summary>
internal sealed class VerificationLog(long totalBytes, IProgress<WorkProgress>? progress)
{
    readonly Lock _lock = new();
    readonly List<FoundDamage> _damage = [];
    readonly List<string> _notes = [];
    readonly List<string> _leftOut = [];
    readonly UnreachableBlocks _unchecked = new();
    long _doneBytes, _goodSpanCount;

    public void Add(FoundDamage damage)
    {
        lock (_lock)
            _damage.Add(damage);
    }

    public void Note(string note)
    {
        lock (_lock)
            _notes.Add(note);
    }

    /// <param name="leftOut">Blocks that are not within reach, in words.</param>
    public void AddUnchecked(string leftOut)
    {
        lock (_lock)
            _leftOut.Add(leftOut);
    }

    /// <summary>A block could not be read, which says nothing about it.</summary>
    public void AddUnchecked(BlockSummary block, BucketException reason)
    {
        lock (_lock)
            _unchecked.Add(block, block.SpanCount, reason);
    }

    public void AddGood(long spans) => Interlocked.Add(ref _goodSpanCount, spans);

    public void Advance(long bytes) => progress?.Report(new WorkProgress(Interlocked.Add(ref _doneBytes, bytes), totalBytes));

    public VerificationReport ToReport(int blockCount, int segmentCount) => new(
        blockCount, segmentCount, totalBytes, _goodSpanCount,
        [.. _damage.OrderBy(damage => damage.File, StringComparer.Ordinal).ThenBy(damage => damage.Offset)],
        [.. _leftOut, .. _unchecked.Texts],
        [.. _notes.Order(StringComparer.Ordinal)]);
}
