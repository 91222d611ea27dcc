using Clew.Model;
using Clew.TraceQL.Binding;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Metrics;

/// <summary>Works a metrics expression out, one function after the other.</summary>
internal sealed class MetricsEvaluator(ITraceStore store, MetricsRequest request, TimeGrid grid, MetricsHints hints, QueryWork work)
{
    readonly List<string> _steps = [];
    readonly SeriesMath _math = new(grid, work);

    /// <summary>What was done, in words.</summary>
    public IReadOnlyList<string> Steps => _steps;

    public long TraceCount { get; private set; }

    /// <returns>In the order of answers, as many as are asked for; and how many more there were.</returns>
    public async Task<(List<MetricSeries> Series, int LeftOutCount)> EvaluateAsync(MetricsExpression expression, CancellationToken cancellation)
    {
        var all = await CalculateAsync(expression, cancellation);
        var series = _math.First(all, request.SeriesMax, cancellation);
        _math.FillExemplars(series);
        return (series, all.Count - series.Count);
    }

    async Task<List<MetricSeries>> CalculateAsync(MetricsExpression expression, CancellationToken cancellation)
    {
        // What stands in a row leans to the left, and may be as long as a query: it is walked, not entered.
        var row = new Stack<MetricsExpression>();
        while (InnerOf(expression) is { } inner)
        {
            row.Push(expression);
            expression = inner;
        }

        var series = expression switch
        {
            MetricsExpression.Aggregate aggregate => await CountAsync(aggregate, cancellation),
            MetricsExpression.Compare compare => await CompareAsync(compare, cancellation),
            MetricsExpression.Math { Left: MetricsExpression.Number number } math =>
                _math.Scale(math.Operator, await CalculateAsync(math.Right, cancellation), number.Value, numberIsLeft: true, cancellation),
            _ => throw new ArgumentOutOfRangeException(nameof(expression), expression, "A metrics expression without a meaning."),
        };
        var name = NameOf(expression);
        while (row.TryPop(out var next))
        {
            if (next is MetricsExpression.Math math)
                name = NameOf(math, name);
            series = await ApplyAsync(next, name, series, cancellation);
        }

        return series;
    }

    static MetricsExpression? InnerOf(MetricsExpression expression) => expression switch
    {
        MetricsExpression.Rank rank => rank.Of,
        MetricsExpression.Compared compared => compared.Of,
        MetricsExpression.Math { Left: not MetricsExpression.Number and var left } => left,
        _ => null,
    };

    async Task<List<MetricSeries>> ApplyAsync(MetricsExpression expression, string name, List<MetricSeries> series, CancellationToken cancellation) => expression switch
    {
        MetricsExpression.Rank rank => _math.Rank(series, rank.Top, rank.Count, cancellation),
        MetricsExpression.Compared compared => _math.Compare(series, compared.Comparison, compared.Bound, cancellation),
        MetricsExpression.Math { Right: MetricsExpression.Number number } math => _math.Scale(math.Operator, series, number.Value, numberIsLeft: false, cancellation),
        MetricsExpression.Math math => _math.Calculate(math.Operator, name, series, await CalculateAsync(math.Right, cancellation), cancellation),
        _ => throw new ArgumentOutOfRangeException(nameof(expression), expression, "Nothing that is done to series."),
    };

    async Task<List<MetricSeries>> CountAsync(MetricsExpression.Aggregate aggregate, CancellationToken cancellation)
    {
        var plan = PlanFor(Math.Min(hints.ExemplarsMax ?? request.ExemplarsMax, request.ExemplarsCap), () => ShownFields.Of(aggregate));
        var needs = Needs.Of(aggregate.Argument).And(Needs.OfAll(aggregate.By));
        if (plan.ExemplarsMax > 0)
            needs = needs.And(Needs.OfAll([.. plan.Shown.Select(shown => shown.Field)]));
        var counters = await ScanAsync(aggregate.Spans, plan, needs, () => new SpanCounter(aggregate, plan), cancellation);
        var total = new SpanCounter(aggregate, plan);
        var groups = new Dictionary<SeriesLabels, int>();
        // Without by, a count of nothing is zero, which is a line too, and one that others can be compared with. Whether there is nothing, who has not looked to the end cannot say.
        if (aggregate is { By: [], Argument: null } && grid.BucketSeconds > 0 && work.Meter.CutBy is null)
            groups.Add(new SeriesLabels([]), 0);
        foreach (var counter in counters)
            total.TakeAll((SpanCounter)counter, groups, cancellation);
        return [.. total.ToSeries(groups, cancellation)];
    }

    async Task<List<MetricSeries>> CompareAsync(MetricsExpression.Compare compare, CancellationToken cancellation)
    {
        var plan = PlanFor(exemplarsMax: 0, () => []);
        var sinks = await ScanAsync(compare.Spans, plan, CompareSink.NeedsOf(compare), () => new CompareSink(compare, plan), cancellation);
        var totals = new SortedDictionary<string, CompareCounts>(StringComparer.Ordinal);
        foreach (var (name, counts) in sinks.SelectMany(sink => ((CompareSink)sink).Counts))
        {
            if (totals.TryAdd(name, counts))
                continue;
            totals[name].TakeAll(counts);
            work.Return(CompareSink.BytesOf(name, plan));
        }

        return [.. totals.SelectMany(total => total.Value.ToSeries(total.Key, compare.Top))];
    }

    async Task<IReadOnlyList<ISpanSink>> ScanAsync(Pipeline spans, MetricsPlan plan, Needs needs, Func<ISpanSink> newSink, CancellationToken cancellation)
    {
        var scan = new MetricsScan(store, spans, request, plan);
        var sinks = await scan.RunAsync(needs, newSink, cancellation);
        _steps.AddRange(scan.Steps);
        TraceCount += scan.TraceCount;
        return sinks;
    }

    MetricsPlan PlanFor(int exemplarsMax, Func<IReadOnlyList<(string Name, FieldExpression Field)>> shown) =>
        new(grid, hints, grid.IsInstant ? 0 : exemplarsMax, exemplarsMax > 0 ? shown() : [], work);

    static string NameOf(MetricsExpression expression) => expression switch
    {
        MetricsExpression.Aggregate aggregate => MetricsFunctions.NameOf(aggregate.Function),
        MetricsExpression.Compare => "compare",
        MetricsExpression.Rank rank => NameOf(rank.Of),
        MetricsExpression.Compared compared => NameOf(compared.Of),
        MetricsExpression.Number number => number.Value.ToString(),
        MetricsExpression.Math math => NameOf(math, NameOf(math.Left)),
        _ => "",
    };

    static string NameOf(MetricsExpression.Math math, string left) => $"({left} {SymbolOf(math.Operator)} {NameOf(math.Right)})";

    static string SymbolOf(BinaryOperator calculation) => calculation switch
    {
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        _ => "/",
    };
}
