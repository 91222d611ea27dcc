using Clew.Model;

namespace Clew.TraceQL.Operators;

/// <summary>Steps, one after the other; none is taken for nothing.</summary>
internal sealed class PipelineSteps(PipelineOperator[] steps) : PipelineOperator
{
    public override void Open(SpanBatch batch)
    {
        foreach (var step in steps)
            step.Open(batch);
    }

    public override Spansets Apply(TraceView trace, Spansets input)
    {
        foreach (var step in steps)
        {
            if (input.Count == 0 || trace.Work.IsSpent)
                break;
            input = step.Apply(trace, input);
        }

        return input;
    }
}
