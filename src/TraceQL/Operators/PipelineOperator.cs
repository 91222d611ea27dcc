using Clew.Model;

namespace Clew.TraceQL.Operators;

/// <summary>A step of a pipeline, made ready to be taken for trace after trace. For one thread.</summary>
internal abstract class PipelineOperator
{
    /// <summary>Says which batch rows are of from here on.</summary>
    public abstract void Open(SpanBatch batch);

    /// <returns>What is left of the spansets; good until the operator is applied again.</returns>
    /// <remarks>Takes time linear in the spans that come in, or nearly (sorting), whatever the shape of the trace. When the query's time or memory is up, what it leaves means nothing.</remarks>
    /// <exception cref="QueryFailedException">The query cannot be answered for a trace like this.</exception>
    public abstract Spansets Apply(TraceView trace, Spansets input);
}
