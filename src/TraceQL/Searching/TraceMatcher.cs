using Clew.Model;
using Clew.TraceQL.Binding;
using Clew.TraceQL.Operators;
using Clew.TraceQL.Operators.Fields;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Searching;

/// <summary>Decides of whole traces whether they match, and writes down what of them does. For one thread.</summary>
internal sealed class TraceMatcher
{
    readonly PipelineOperator _pipeline;
    readonly IReadOnlyList<(string Name, SpanField Field)> _shown;
    readonly SearchRequest _request;
    readonly QueryWork _work;
    readonly TraceView _trace;
    readonly Func<SpanBatch, TraceSummary>? _summarize;
    readonly Spansets _whole = new();

    /// <param name="summarize">For batches that are one trace with everything it has; null where they are not.</param>
    public TraceMatcher(Pipeline pipeline, SearchRequest request, QueryWork work, Func<SpanBatch, TraceSummary>? summarize = null)
    {
        _work = work;
        _summarize = summarize;
        _trace = new TraceView(work);
        _pipeline = PipelineBinder.Bind(pipeline);
        _shown = [.. ShownFields.Of(pipeline).Select(shown => (shown.Name, FieldBinder.Bind(shown.Field)))];
        _request = request;
    }

    /// <summary>Says which batch traces are of from here on.</summary>
    public void Open(SpanBatch batch)
    {
        _pipeline.Open(batch);
        foreach (var (_, field) in _shown)
            field.Open(batch);
    }

    /// <returns>The spansets of a trace that matches, as rows; null for one that does not.</returns>
    public Spansets? Match(SpanBatch batch, RowRange rows)
    {
        _trace.Show(batch, rows);
        if (!_request.Range.Overlaps(_trace.Start, _trace.End))
            return null;
        _whole.Fill(_trace);
        var found = _pipeline.Apply(_trace, _whole);
        // Of a trace that could not be decided to the end, nothing is known.
        return found.Count > 0 && !_work.IsSpent ? found : null;
    }

    /// <summary>Writes down the trace that was matched last.</summary>
    public FoundTrace ToFound(TraceId id, Spansets spansets)
    {
        foreach (var (_, field) in _shown)
            field.Enter(_trace);
        var found = new List<FoundSpanset>();
        for (var index = 0; index < spansets.Count && !_work.IsFull; index++)
        {
            found.Add(ToFound(spansets[index]));
            _work.TryTake(FoundBytes.Of(found[^1]));
        }

        var (batch, root) = (_trace.Batch, _trace.Root);
        var trace = new FoundTrace(
            id,
            root < 0 ? null : ServiceName.Of(batch, batch.ResourceOf(root)),
            root < 0 ? null : batch.Strings.GetString(batch.Spans.Names[root]),
            _trace.Start, _trace.DurationNanos, _trace.Rows.Count, found, CountByService())
        { Summary = _summarize?.Invoke(batch) };
        _work.TryTake(FoundBytes.Of(trace with { Spansets = [] }));
        return trace;
    }

    FoundSpanset ToFound(Spanset set)
    {
        var starts = _trace.Batch.Spans.Starts;
        var rows = set.Rows.OrderBy(row => starts[row].Value).ThenBy(row => row).Take(_request.SpansPerSpansetMax);
        return new FoundSpanset([.. rows.Select(ToFound)], set.Rows.Count, [.. set.Attributes]);
    }

    FoundSpan ToFound(int row)
    {
        var batch = _trace.Batch;
        var attributes = new List<(string, Value)>(_shown.Count);
        foreach (var (name, field) in _shown)
        {
            if (field.Of(row) is { IsNil: false } cell)
                attributes.Add((name, cell.ToValue()));
        }

        return new FoundSpan(batch.Spans.SpanIds[row], batch.Strings.GetString(batch.Spans.Names[row]), batch.Spans.Starts[row], batch.Spans.DurationNanos(row), attributes);
    }

    IReadOnlyList<TraceSummary.Service> CountByService()
    {
        var batch = _trace.Batch;
        var counts = new SortedDictionary<string, (int Spans, int Errors)>(StringComparer.Ordinal);
        var names = new Dictionary<int, string>();
        for (var row = _trace.Rows.Start; row < _trace.Rows.End; row++)
        {
            var resource = batch.ResourceOf(row);
            if (!names.TryGetValue(resource, out var name))
                names.Add(resource, name = ServiceName.Of(batch, resource));
            counts.TryGetValue(name, out var count);
            counts[name] = (count.Spans + 1, count.Errors + (batch.Spans.Statuses[row] == StatusCode.Error ? 1 : 0));
        }

        return [.. counts.Select(count => new TraceSummary.Service(count.Key, count.Value.Spans, count.Value.Errors))];
    }
}
