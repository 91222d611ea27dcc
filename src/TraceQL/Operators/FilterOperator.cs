using Clew.Model;
using Clew.TraceQL.Operators.Fields;

namespace Clew.TraceQL.Operators;

/// <summary><c>{ expression }</c>: keeps the spans for which the expression is true, and the sets in which one is left.</summary>
internal sealed class FilterOperator(SpanField expression) : PipelineOperator
{
    readonly Spansets _output = new();

    public override void Open(SpanBatch batch) => expression.Open(batch);

    public override Spansets Apply(TraceView trace, Spansets input)
    {
        expression.Enter(trace);
        _output.Clear(trace.Work);
        for (var index = 0; index < input.Count; index++)
        {
            var left = _output.Add();
            foreach (var row in input[index].Rows)
            {
                if (trace.MustStop())
                    return _output;
                if (expression.Holds(row))
                    left.Rows.Add(row);
            }

            if (left.Rows.Count == 0)
                _output.RemoveLast();
            else
                left.Attributes.AddRange(input[index].Attributes);
        }

        return _output.Settled();
    }
}
