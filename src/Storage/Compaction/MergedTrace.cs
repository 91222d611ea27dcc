using Clew.Model;
using Clew.Storage.Blocks;

namespace Clew.Storage.Compaction;

/// <summary>One trace of the blocks being merged, with its parts from all of them.</summary>
internal sealed class MergedTrace
{
    readonly List<TracePart> _parts = [];

    public bool IsEmpty => _parts.Count == 0;

    public TraceId Id { get; private set; }

    /// <summary>What was decided about it before, at any time.</summary>
    public KeepDecision Recorded { get; private set; } = KeepDecision.Undecided;

    /// <summary>Takes what the inputs have of a trace: of another one than before, or more of the same.</summary>
    public void Take(TraceId id, List<MergeInput> inputs)
    {
        Id = id;
        var first = _parts.Count;
        foreach (var input in inputs)
            input.Take(id, _parts);
        for (var part = first; part < _parts.Count && !Recorded.IsDecided; part++)
            Recorded = _parts[part].Run.Decision;
    }

    public void Clear()
    {
        _parts.Clear();
        Recorded = KeepDecision.Undecided;
    }

    public void AppendTo(PendingRows pending, KeepDecision decision)
    {
        _parts.Sort(Compare);
        if (AreApart())
        {
            foreach (var part in _parts)
                pending.Add(part.Rows, part.Run.FirstRow, part.Run.RowCount, decision);
            return;
        }

        foreach (var part in InOrder())
            pending.Add(part.Rows, part.Row, 1, decision);
    }

    /// <summary>All its spans in order; null when there are more than <paramref name="spanCountMax"/>.</summary>
    public SpanBatch? ToBatch(int spanCountMax)
    {
        var copier = new SpanCopier(new SpanBatch());
        _parts.Sort(Compare);
        foreach (var part in InOrder())
        {
            if (copier.Target.SpanCount == spanCountMax)
                return null;
            copier.Copy(part.Rows.Batch, part.Row);
        }

        return copier.Target;
    }

    // What most traces are: each part ends before the next one begins. Rows of equal start stay in the order of the inputs, which is that of arrival.
    bool AreApart()
    {
        for (var part = 1; part < _parts.Count; part++)
        {
            var (left, right) = (_parts[part - 1], _parts[part]);
            if (left.LastStart > right.Run.Start || (left.LastStart == right.Run.Start && left.Input.Number > right.Input.Number))
                return false;
        }

        return true;
    }

    // By start; of equal ones those that arrived first. Each part stands on its row.
    IEnumerable<TracePart> InOrder()
    {
        foreach (var part in _parts)
            part.Reset();
        while (true)
        {
            TracePart? earliest = null;
            foreach (var part in _parts)
            {
                if (!part.IsAtEnd && (earliest is null || part.Start < earliest.Start || (part.Start == earliest.Start && part.Input.Number < earliest.Input.Number)))
                    earliest = part;
            }

            if (earliest is null)
                yield break;
            yield return earliest;
            earliest.Advance();
        }
    }

    static int Compare(TracePart left, TracePart right) =>
        (left.Run.Start, left.Input.Number, left.Run.Group, left.Run.FirstRow).CompareTo((right.Run.Start, right.Input.Number, right.Run.Group, right.Run.FirstRow));
}
