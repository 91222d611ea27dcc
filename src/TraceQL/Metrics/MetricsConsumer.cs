using Clew.Model;
using Clew.TraceQL.Binding;
using Clew.TraceQL.Operators;
using Clew.TraceQL.Operators.Fields;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Metrics;

/// <summary>Hands the spans of a pipeline to a counter: of single spans as the store finds them, or of whole traces. For one thread.</summary>
/// <param name="filters">What is left to decide of single spans that the store found; null for nothing.</param>
/// <param name="pipeline">For whole traces.</param>
internal sealed class MetricsConsumer(ISpanSink sink, SpanField? filters, PipelineOperator? pipeline, TimeRange starts) : ISpanConsumer, ITraceConsumer
{
    readonly TraceView _trace = new();
    readonly Spansets _whole = new();

    public ISpanSink Sink => sink;

    public long TraceCount { get; private set; }

    public void Take(SpanBatch batch, ReadOnlySpan<int> rows)
    {
        sink.Open(batch);
        filters?.Open(batch);
        if (filters is null)
        {
            foreach (var row in rows)
                sink.Count(row);
            return;
        }

        foreach (var row in rows)
        {
            if (filters.Holds(row))
                sink.Count(row);
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
            sink.Enter(_trace);
            for (var index = 0; index < found.Count; index++)
            {
                foreach (var row in found[index].Rows)
                {
                    if (starts.Contains(batch.Spans.Starts[row]))
                        sink.Count(row);
                }
            }
        }
    }
}
