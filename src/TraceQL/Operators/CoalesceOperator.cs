using Clew.Model;

namespace Clew.TraceQL.Operators;

/// <summary><c>coalesce()</c>: all sets become one, which forgets what was said of each.</summary>
internal sealed class CoalesceOperator : PipelineOperator
{
    readonly Spansets _output = new();

    public override void Open(SpanBatch batch)
    {
    }

    public override Spansets Apply(TraceView trace, Spansets input)
    {
        _output.Clear(trace.Work);
        var rows = _output.Add().Rows;
        for (var index = 0; index < input.Count; index++)
            rows.AddRange(input[index].Rows);
        RowLists.SortDistinct(rows);
        return _output.Settled();
    }
}
