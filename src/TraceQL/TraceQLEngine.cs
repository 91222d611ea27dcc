using System.Diagnostics;
using Clew.Model;
using Clew.TraceQL.Metrics;
using Clew.TraceQL.Searching;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL;

/// <summary>Answers queries from a store. May be asked by any number of threads at once.</summary>
/// <param name="memory">What all queries have together; null for as much as each likes.</param>
public sealed class TraceQLEngine(ITraceStore store, TimeProvider time, QueryMemory? memory = null)
{
    /// <summary>The traces that match; for queries without metrics.</summary>
    /// <exception cref="QueryFailedException">The query has no meaning for one of the traces, or a regular expression of it takes too long.</exception>
    /// <exception cref="NoMemoryException">Other queries have all memory that there is for queries, and nothing was found without.</exception>
    public async Task<SearchResult> SearchAsync(Query query, SearchRequest request, CancellationToken cancellation)
    {
        var pipeline = query.Spans ?? throw new ArgumentException("A query for metrics has no traces to answer with.", nameof(query));
        var meter = request.Budget.NewMeter(time, memory, cancellation);
        var began = Stopwatch.GetTimestamp();
        var search = new SearchRun(store, pipeline, request, meter);
        var (traces, next) = await QueryAnswer.GetAsync(meter, () => search.RunAsync(cancellation), page => page.Traces.Count);
        var report = new QueryReport
        {
            Partial = meter.CutBy,
            Query = query.ToString(),
            Plan = search.Plan,
            Reads = meter,
            TraceCount = search.TraceCount,
            Stages = [("search", Stopwatch.GetElapsedTime(began))],
        };
        return new SearchResult(traces, next, report);
    }

    /// <summary>Time series; for queries with metrics.</summary>
    /// <exception cref="QueryFailedException">The query has no meaning for one of the traces, or a regular expression of it takes too long.</exception>
    /// <exception cref="NoMemoryException">Other queries have all memory that there is for queries, and nothing was found without.</exception>
    /// <exception cref="ArgumentException">The range ends before it starts, or has more than <see cref="TimeGrid.StepCountMax"/> steps: ask <see cref="TimeGrid.Of"/> first.</exception>
    public async Task<MetricsResult> MetricsAsync(Query query, MetricsRequest request, CancellationToken cancellation)
    {
        var metrics = query.Metrics ?? throw new ArgumentException("A query for traces has no time series to answer with.", nameof(query));
        var grid = request.StepNanos == 0 ? TimeGrid.Instant(request.Start, request.End) : TimeGrid.Of(request.Start, request.End, request.StepNanos);
        if (request.IsExact)
            grid = grid?.Within(new TimeRange(request.Start, request.End));
        var meter = request.Budget.NewMeter(time, memory, cancellation);
        var work = new QueryWork(meter, request.Budget.ForFinishing.NewMeter(time, memory: null, cancellation));
        var began = Stopwatch.GetTimestamp();
        var evaluator = new MetricsEvaluator(
            store, request, grid ?? throw new ArgumentException("The range has too many steps.", nameof(request)), MetricsHints.Of(query.Hints), work);
        var (series, leftOut) = await QueryAnswer.GetAsync(meter, () => evaluator.EvaluateAsync(metrics, cancellation), answer => answer.Series.Count);
        var report = new QueryReport
        {
            Partial = meter.CutBy,
            Query = query.ToString(),
            Plan = evaluator.Steps,
            Reads = meter,
            TraceCount = evaluator.TraceCount,
            Stages = [("metrics", Stopwatch.GetElapsedTime(began))],
        };
        return new MetricsResult(grid, series, leftOut, report);
    }
}
