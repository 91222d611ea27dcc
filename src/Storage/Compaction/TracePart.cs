using Clew.Model;
using Clew.Storage.Blocks;

namespace Clew.Storage.Compaction;

/// <summary>A run that one input has of a trace, and a walk over its rows.</summary>
internal sealed class TracePart(MergeInput input, TraceRun run)
{
    int _passed;

    public MergeInput Input => input;

    public TraceRun Run => run;

    /// <summary>What <see cref="Row"/> is a row of.</summary>
    public RowSource Rows => input.Rows(run.Group);

    public bool IsAtEnd => _passed == run.RowCount;

    public int Row => run.FirstRow + _passed;

    public UnixNanos Start => Rows.Batch.Spans.Starts[Row];

    /// <summary>The start of the last row, its latest.</summary>
    public UnixNanos LastStart => Rows.Batch.Spans.Starts[run.FirstRow + run.RowCount - 1];

    /// <summary>Goes to the first row.</summary>
    public void Reset() => _passed = 0;

    public void Advance() => _passed++;
}
