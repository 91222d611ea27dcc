using Clew.Model;
using Clew.TraceQL.Binding;
using Clew.TraceQL.Operators.Fields;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL;

/// <summary>Decides of single spans, as they come by, whether a query matches them. For one thread.</summary>
public sealed class SpanFilter
{
    static readonly SpanBatch Nothing = new();

    readonly SpanField[] _fields;

    /// <param name="spans">One that <see cref="FindWholeTraceStep"/> finds nothing in.</param>
    public SpanFilter(Pipeline spans) =>
        _fields = [.. spans.Stages.OfType<PipelineStage.Filter>().Select(filter => FieldBinder.Bind(filter.Expression))];

    /// <summary>The first step that only a whole trace can decide; null when single spans will do.</summary>
    public static PipelineStage? FindWholeTraceStep(Pipeline spans) => spans.Stages.FirstOrDefault(stage => Needs.Of(new Pipeline([stage])).Trace);

    /// <summary>Says which batch rows are of from here on.</summary>
    public void Open(SpanBatch batch)
    {
        foreach (var field in _fields)
        {
            // A batch that came in has the memory, and the tables, of one before it: what is known of those is to be forgotten.
            field.Open(Nothing);
            field.Open(batch);
        }
    }

    /// <exception cref="QueryFailedException">The query has no meaning for the span.</exception>
    public bool Matches(int row) => Array.TrueForAll(_fields, field => field.Holds(row));
}
