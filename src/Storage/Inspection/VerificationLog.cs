using Clew.Storage.Blocks;
using Clew.Storage.Buckets;

namespace Clew.Storage.Inspection;

/// <summary>What a verification has found so far, and how far it is. Any thread may write to it.</summary>
internal sealed class VerificationLog(long totalBytes, IProgress<WorkProgress>? progress)
{
    readonly Lock _lock = new();
    readonly List<FoundDamage> _damage = [];
    readonly List<string> _notes = [];
    readonly Dictionary<BlockPlace, (int Count, long Spans, string Reason)> _unchecked = [];
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

    /// <summary>A block could not be read, which says nothing about it.</summary>
    public void AddUnchecked(BlockSummary block, IOException reason)
    {
        lock (_lock)
        {
            var before = _unchecked.GetValueOrDefault(block.Place, (0, 0, reason.Message));
            _unchecked[block.Place] = (before.Count + 1, before.Spans + block.SpanCount, before.Reason);
        }
    }

    public void AddGood(long spans) => Interlocked.Add(ref _goodSpanCount, spans);

    public void Advance(long bytes) => progress?.Report(new WorkProgress(Interlocked.Add(ref _doneBytes, bytes), totalBytes));

    public VerificationReport ToReport(int blockCount, int segmentCount) => new(
        blockCount, segmentCount, totalBytes, _goodSpanCount,
        [.. _damage.OrderBy(damage => damage.File, StringComparer.Ordinal).ThenBy(damage => damage.Offset)],
        [.. _unchecked.OrderBy(place => place.Key).Select(place => $"{place.Value.Count} blocks with {place.Value.Spans} spans in the bucket of the {TierSet.NameOf(place.Key)} level could not be read. {place.Value.Reason}")],
        [.. _notes.Order(StringComparer.Ordinal)]);
}
