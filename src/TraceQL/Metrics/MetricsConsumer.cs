using Clew.Model;
using Clew.TraceQL.Binding;
using Clew.TraceQL.Operators;
using Clew.TraceQL.Operators.Fields;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Metrics;

/// <summary>Hands the spans of a pipeline to a counter: of single spans as the store finds them, or of whole traces. For one thread.</summary>
/// <param name="filters">What is left to decide of single spans that the store found; null for nothing.</param>
/// <param name="pipeline">For whole traces.</param>
internal sealed class MetricsConsumer(ISpanSink sink, SpanField? filters, PipelineOperator? pipeline, TimeRange starts, QueryWork work) : ISpanConsumer, ITraceConsumer
{
    // So many spans are looked at from one look at the clock to the next.
    const int SpansPerLook = 1_024;

    readonly SpanField? _filters = WorkingFor(work, filters);
    readonly TraceView _trace = new(work);
    readonly Spansets _whole = new();

    public ISpanSink Sink => sink;

    public long TraceCount { get; private set; }

    public void Take(SpanBatch batch, ReadOnlySpan<int> rows)
    {
        sink.Open(batch);
        _filters?.Open(batch);
        for (var at = 0; at < rows.Length; at++)
        {
            if (at % SpansPerLook == 0 && work.IsSpent)
                return;
            if (_filters is null || Holds(_filters, rows[at]))
                sink.Count(rows[at]);
        }
    }

    public void Take(SpanBatch batch, ReadOnlySpan<RowRange> traces)
    {
        sink.Open(batch);
        pipeline!.Open(batch);
        foreach (var rows in traces)
        {
            TraceCount++;
            _trace.Show(batch, rows);
            _whole.Fill(_trace);
            var found = pipeline.Apply(_trace, _whole);
            // Of a trace that could not be decided to the end, nothing is known.
            if (work.IsSpent)
                return;
            sink.Enter(_trace);
            for (var index = 0; index < found.Count; index++)
            {
                foreach (var row in found[index].Rows)
                {
                    if (_trace.MustStop())
                        return;
                    if (starts.Contains(batch.Spans.Starts[row]))
                        sink.Count(row);
                }
            }
        }
    }

    // What a pattern says when the query is over is no answer.
    bool Holds(SpanField filters, int row) => filters.Holds(row) && work.Meter.Spent is null;

    static SpanField? WorkingFor(QueryWork work, SpanField? filters)
    {
        filters?.WorkFor(work.Meter);
        return filters;
    }
}
