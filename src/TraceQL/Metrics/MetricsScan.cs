using System.Collections.Immutable;
using Clew.Model;
using Clew.TraceQL.Binding;
using Clew.TraceQL.Operators.Fields;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Metrics;

/// <summary>Shows the spans of a pipeline to sinks, one for each thread: column by column where single spans decide, else trace by trace.</summary>
internal sealed class MetricsScan(ITraceStore store, Pipeline spans, MetricsRequest request, MetricsPlan plan)
{
    readonly List<string> _steps = [];

    /// <summary>What was done, in words.</summary>
    public IReadOnlyList<string> Steps => _steps;

    public long TraceCount { get; private set; }

    /// <param name="needs">What sinks look at.</param>
    public async Task<IReadOnlyList<ISpanSink>> RunAsync(Needs needs, Func<ISpanSink> newSink, CancellationToken cancellation)
    {
        needs = needs.And(SpanFields.Starts);
        if (plan.Hints.Extrapolate)
            needs = needs.And(SpanFields.TraceStates);
        if (plan.ExemplarsMax > 0)
            needs = needs.And(SpanFields.TraceIds | SpanFields.SpanIds);
        var consumers = Needs.Of(spans).Trace || needs.Trace
            ? await ScanTracesAsync(needs, newSink, cancellation)
            : await ScanSpansAsync(needs, newSink, cancellation);
        TraceCount += consumers.Sum(consumer => consumer.TraceCount);
        return [.. consumers.Select(consumer => consumer.Sink)];
    }

    async Task<IReadOnlyList<MetricsConsumer>> ScanSpansAsync(Needs needs, Func<ISpanSink> newSink, CancellationToken cancellation)
    {
        var filters = spans.Stages.OfType<PipelineStage.Filter>().Select(filter => filter.Expression).ToArray();
        var narrowed = filters.Aggregate(Narrowed.All, (all, filter) => all.And(FieldNarrowing.Of(filter)));
        var conditions = EndingPatterns.In(narrowed.ToConditions(), plan.Work.Meter);
        _steps.Add($"spans, by columns: {ConditionText.Of(conditions)}{(narrowed.IsExact ? "" : "; then decided one by one")}");
        if (narrowed.Condition is SpanCondition.AnyOf { Conditions.IsEmpty: true })
            return [];
        if (!narrowed.IsExact)
            needs = needs.And(Needs.Of(spans));
        return await store.ScanSpansAsync(
            new SpanSelection(plan.Grid.Starts, conditions), needs.Projection,
            () => new MetricsConsumer(newSink(), narrowed.IsExact ? null : All(filters), pipeline: null, plan.Grid.Starts, plan.Work), plan.Work.Meter, cancellation);
    }

    async Task<IReadOnlyList<MetricsConsumer>> ScanTracesAsync(Needs needs, Func<ISpanSink> newSink, CancellationToken cancellation)
    {
        var narrowing = TraceNarrowing.Of(spans).For(plan.Work.Meter);
        ImmutableArray<ImmutableArray<SpanCondition>> lists = narrowing.Each.IsEmpty ? [[]] : narrowing.Each;
        _steps.Add($"whole traces that have {string.Join(", and ", lists.Select(ConditionText.Of))}; each is decided");
        if (narrowing.IsNever)
            return [];
        var reach = (ulong)(request.Reach.Ticks * 100);
        var around = new TimeRange(plan.Grid.Starts.From.Minus(reach), plan.Grid.Starts.To.Plus(reach));
        return await store.ScanTracesAsync(
            new TraceSelection([.. lists.Select(conditions => new SpanSelection(around, conditions))]), needs.And(Needs.Of(spans)).Projection,
            () => new MetricsConsumer(newSink(), filters: null, PipelineBinder.Bind(spans), plan.Grid.Starts, plan.Work), plan.Work.Meter, cancellation);
    }

    static SpanField All(FieldExpression[] filters) => filters.Select(FieldBinder.Bind).Aggregate((left, right) => new AndField(left, right));
}
