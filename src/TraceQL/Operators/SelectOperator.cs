using Clew.Model;

namespace Clew.TraceQL.Operators;

/// <summary><c>select(a, b)</c>: changes nothing of what is found; the answer shows these attributes too.</summary>
internal sealed class SelectOperator : PipelineOperator
{
    public override void Open(SpanBatch batch)
    {
    }

    public override Spansets Apply(TraceView trace, Spansets input) => input;
}
