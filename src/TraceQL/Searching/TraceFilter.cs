using Clew.Model;
using Clew.TraceQL.Binding;
using Clew.TraceQL.Operators;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Searching;

/// <summary>Asks of one trace that is at hand which of its spans a query finds.</summary>
public static class TraceFilter
{
    /// <param name="trace">All spans of one trace and no others, in order of start.</param>
    /// <returns>Their rows, ascending; empty when the trace does not match.</returns>
    /// <exception cref="QueryFailedException">The query has no meaning for the trace.</exception>
    public static IReadOnlyList<int> Find(Pipeline pipeline, SpanBatch trace)
    {
        var work = new QueryWork(ReadMeter.Unlimited());
        var (view, whole) = (new TraceView(work), new Spansets());
        var bound = PipelineBinder.Bind(pipeline);
        bound.Open(trace);
        view.Show(trace, new RowRange(0, trace.SpanCount));
        whole.Fill(view);
        var found = bound.Apply(view, whole);
        var rows = new SortedSet<int>();
        for (var index = 0; index < found.Count; index++)
            rows.UnionWith(found[index].Rows);
        return [.. rows];
    }
}
