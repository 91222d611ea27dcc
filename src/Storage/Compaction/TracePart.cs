using Clew.Model;
using Clew.Storage.Blocks;

namespace Clew.Storage.Compaction;

/// <summary>Walks the rows that one input has of a trace, by start.</summary>
internal sealed class TracePart(MergeInput input, TraceRun first)
{
    TraceRun _run;

    public MergeInput Input => input;

    /// <summary>The first of its runs.</summary>
    public TraceRun First => first;

    public bool IsAtEnd { get; private set; } = true;

    /// <summary>What <see cref="Row"/> is a row of.</summary>
    public RowSource Rows => input.Rows(_run.Group);

    public int Row { get; private set; }

    public UnixNanos Start => Rows.Batch.Spans.Starts[Row];

    /// <summary>Goes to the first row.</summary>
    public void Reset()
    {
        (_run, Row) = (first, first.FirstRow);
        IsAtEnd = false;
    }

    public void Advance()
    {
        if (++Row < _run.FirstRow + _run.RowCount)
            return;
        if (input.After(_run) is { } next)
            (_run, Row) = (next, next.FirstRow);
        else
            IsAtEnd = true;
    }
}
