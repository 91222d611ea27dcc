using Clew.Model;
using Clew.TraceQL.Binding;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Metrics;

/// <summary>Works a metrics expression out, one function after the other.</summary>
internal sealed class MetricsEvaluator(ITraceStore store, MetricsRequest request, TimeGrid grid, MetricsHints hints, ReadMeter meter)
{
    readonly List<string> _steps = [];

    /// <summary>What was done, in words.</summary>
    public IReadOnlyList<string> Steps => _steps;

    public long TraceCount { get; private set; }

    public async Task<List<MetricSeries>> EvaluateAsync(MetricsExpression expression, CancellationToken cancellation) => expression switch
    {
        MetricsExpression.Aggregate aggregate => await CountAsync(aggregate, cancellation),
        MetricsExpression.Compare compare => await CompareAsync(compare, cancellation),
        MetricsExpression.Rank rank => SeriesMath.Rank(await EvaluateAsync(rank.Of, cancellation), rank.Top, rank.Count, grid.Count),
        MetricsExpression.Compared compared => SeriesMath.Compare(await EvaluateAsync(compared.Of, cancellation), compared.Comparison, compared.Bound),
        MetricsExpression.Math math => await CalculateAsync(math, cancellation),
        _ => throw new ArgumentOutOfRangeException(nameof(expression), expression, "A metrics expression without a meaning."),
    };

    async Task<List<MetricSeries>> CalculateAsync(MetricsExpression.Math math, CancellationToken cancellation)
    {
        if (math.Left is MetricsExpression.Number left)
            return SeriesMath.Scale(math.Operator, await EvaluateAsync(math.Right, cancellation), left.Value.Number, numberIsLeft: true);
        if (math.Right is MetricsExpression.Number right)
            return SeriesMath.Scale(math.Operator, await EvaluateAsync(math.Left, cancellation), right.Value.Number, numberIsLeft: false);
        var lefts = await EvaluateAsync(math.Left, cancellation);
        var rights = await EvaluateAsync(math.Right, cancellation);
        return SeriesMath.Calculate(math.Operator, NameOf(math), lefts, rights);
    }

    async Task<List<MetricSeries>> CountAsync(MetricsExpression.Aggregate aggregate, CancellationToken cancellation)
    {
        var plan = PlanFor(aggregate.Spans, hints.ExemplarsMax ?? request.ExemplarsMax);
        var needs = Needs.Of(aggregate.Argument).And(Needs.OfAll(aggregate.By));
        if (plan.ExemplarsMax > 0)
            needs = needs.And(Needs.OfAll([.. plan.Shown.Select(shown => shown.Field)]));
        var counters = await ScanAsync(aggregate.Spans, plan, needs, () => new SpanCounter(aggregate, plan), cancellation);
        var total = new SpanCounter(aggregate, plan);
        var groups = new Dictionary<SeriesLabels, int>();
        foreach (var counter in counters)
            total.TakeAll((SpanCounter)counter, groups);
        return [.. total.ToSeries(groups)];
    }

    async Task<List<MetricSeries>> CompareAsync(MetricsExpression.Compare compare, CancellationToken cancellation)
    {
        var plan = PlanFor(compare.Spans, exemplarsMax: 0);
        var sinks = await ScanAsync(compare.Spans, plan, CompareSink.NeedsOf(compare), () => new CompareSink(compare, plan), cancellation);
        var totals = new SortedDictionary<string, CompareCounts>(StringComparer.Ordinal);
        foreach (var (name, counts) in sinks.SelectMany(sink => ((CompareSink)sink).Counts))
        {
            if (!totals.TryGetValue(name, out var total))
                totals.Add(name, total = new CompareCounts(plan));
            total.TakeAll(counts);
        }

        return [.. totals.SelectMany(total => total.Value.ToSeries(total.Key, compare.Top))];
    }

    async Task<IReadOnlyList<ISpanSink>> ScanAsync(Pipeline spans, MetricsPlan plan, Needs needs, Func<ISpanSink> newSink, CancellationToken cancellation)
    {
        var scan = new SpanScan(store, spans, request, plan);
        var sinks = await scan.RunAsync(needs, newSink, cancellation);
        _steps.AddRange(scan.Steps);
        TraceCount += scan.TraceCount;
        return sinks;
    }

    MetricsPlan PlanFor(Pipeline spans, int exemplarsMax) =>
        new(grid, hints, grid.IsInstant ? 0 : exemplarsMax, exemplarsMax > 0 ? ShownFields.Of(spans) : [], meter, request.Budget.MemoryBytesMax);

    static string NameOf(MetricsExpression expression) => expression switch
    {
        MetricsExpression.Aggregate aggregate => MetricsFunctions.NameOf(aggregate.Function),
        MetricsExpression.Compare => "compare",
        MetricsExpression.Rank rank => NameOf(rank.Of),
        MetricsExpression.Compared compared => NameOf(compared.Of),
        MetricsExpression.Number number => number.Value.ToString(),
        MetricsExpression.Math math => $"({NameOf(math.Left)} {SymbolOf(math.Operator)} {NameOf(math.Right)})",
        _ => "",
    };

    static string SymbolOf(BinaryOperator calculation) => calculation switch
    {
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        _ => "/",
    };
}
