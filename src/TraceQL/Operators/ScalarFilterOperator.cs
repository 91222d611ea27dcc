using Clew.Model;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Operators;

/// <summary><c>count() &gt; 2</c>: keeps the sets whose aggregate compares so; they carry its value from then on.</summary>
/// <param name="pipeline">What sets are made of first, of <c>({ … } | count()) &gt; 2</c>; null for the sets that came in.</param>
/// <param name="text">The aggregate's canonical text.</param>
internal sealed class ScalarFilterOperator(PipelineOperator? pipeline, SpansetAggregate aggregate, string text, BinaryOperator comparison, Value bound) : PipelineOperator
{
    readonly Spansets _output = new();
    readonly Cell _bound = Cell.Of(bound);

    public override void Open(SpanBatch batch)
    {
        pipeline?.Open(batch);
        aggregate.Open(batch);
    }

    public override Spansets Apply(TraceView trace, Spansets input)
    {
        if (pipeline is not null)
            input = pipeline.Apply(trace, input);
        _output.Clear(trace.Work);
        for (var index = 0; index < input.Count; index++)
        {
            if (trace.Work.IsFull)
                return _output;
            var value = aggregate.Of(trace, input[index].Rows);
            if (!Comparison.Holds(comparison, value, _bound))
                continue;
            var set = _output.Add();
            set.CopyFrom(input[index]);
            set.Say(text, value.ToValue());
        }

        return _output.Settled();
    }
}
