using Clew.Model;
using Clew.Storage.Blocks;

namespace Clew.Storage.Compaction;

/// <summary>One trace of the blocks being merged, with its parts from all of them.</summary>
internal sealed class MergedTrace
{
    readonly List<TracePart> _parts = [];

    public TraceId Id { get; private set; }

    /// <summary>What was decided about it before, at any time.</summary>
    public KeepDecision Recorded { get; private set; } = KeepDecision.Undecided;

    /// <summary>Begins with the trace that is an input's turn.</summary>
    public void Begin(MergeInput input)
    {
        _parts.Clear();
        Id = input.Current.Id;
        Recorded = KeepDecision.Undecided;
        Add(input, input.Current);
    }

    /// <summary>Adds the part that another input has.</summary>
    public void Add(MergeInput input, TraceRun first)
    {
        _parts.Add(new TracePart(input, first));
        if (!Recorded.IsDecided)
            Recorded = first.Decision;
    }

    public void AppendTo(PendingRows pending, KeepDecision decision)
    {
        if (_parts.Count == 1)
        {
            // What nearly all traces are: rows of one input that lie side by side.
            var input = _parts[0].Input;
            for (TraceRun? run = _parts[0].First; run is { } rows; run = input.After(rows))
                pending.Add(input.Rows(rows.Group), rows.FirstRow, rows.RowCount, decision);
            return;
        }

        foreach (var part in InOrder())
            pending.Add(part.Rows, part.Row, 1, decision);
    }

    /// <summary>All its spans in order; null when there are more than <paramref name="spanCountMax"/>.</summary>
    public SpanBatch? ToBatch(int spanCountMax)
    {
        var copier = new SpanCopier(new SpanBatch());
        foreach (var part in InOrder())
        {
            if (copier.Target.SpanCount == spanCountMax)
                return null;
            copier.Copy(part.Rows.Batch, part.Row);
        }

        return copier.Target;
    }

    // By start; of equal ones those that arrived first. Each part stands on its row.
    IEnumerable<TracePart> InOrder()
    {
        _parts.Sort((left, right) => left.Input.Number.CompareTo(right.Input.Number));
        foreach (var part in _parts)
            part.Reset();
        while (true)
        {
            TracePart? earliest = null;
            foreach (var part in _parts)
            {
                if (!part.IsAtEnd && (earliest is null || part.Start < earliest.Start))
                    earliest = part;
            }

            if (earliest is null)
                yield break;
            yield return earliest;
            earliest.Advance();
        }
    }
}
