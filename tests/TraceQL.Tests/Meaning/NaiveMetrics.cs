using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Tests.Meaning;

/// <summary>Works time series out from lists of values, one list for each group and bucket.</summary>
static class NaiveMetrics
{
    public static List<NaiveSeries> Of(MetricsExpression expression, IReadOnlyList<PlainTrace> traces, NaiveGrid grid) => expression switch
    {
        MetricsExpression.Aggregate aggregate => Of(aggregate, traces, grid),
        MetricsExpression.Rank rank => Rank(Of(rank.Of, traces, grid), rank),
        MetricsExpression.Compared compared => WithSamples(Of(compared.Of, traces, grid).Select(one => one with { Samples = [.. one.Samples.Select(sample => Keep(compared, sample))] })),
        MetricsExpression.Math math => Calculate(math, traces, grid),
        _ => throw new ArgumentOutOfRangeException(nameof(expression)),
    };

    static List<NaiveSeries> Of(MetricsExpression.Aggregate aggregate, IReadOnlyList<PlainTrace> traces, NaiveGrid grid)
    {
        var taken = new List<(string Key, IReadOnlyList<(string, Value)> Labels, int Bucket, object? Value)>();
        foreach (var trace in traces)
        {
            foreach (var span in NaivePipelines.Of(aggregate.Spans, trace).SelectMany(set => set.Spans))
            {
                if (grid.BucketOf(span.Start) is not { } bucket)
                    continue;
                var labels = LabelsOf(aggregate, span, trace);
                foreach (var value in ValuesOf(aggregate, span, trace))
                    taken.Add((string.Join('\n', labels), labels, bucket, value));
            }
        }

        if (taken.Count == 0 && aggregate is { By: [], Argument: null })
            return [.. Finish(aggregate, [], grid, _ => [])];
        return [.. taken.GroupBy(one => one.Key).SelectMany(group => Finish(aggregate, group.First().Labels, grid, bucket => [.. group.Where(one => one.Bucket == bucket).Select(one => one.Value)]))];
    }

    static (string, Value)[] LabelsOf(MetricsExpression.Aggregate aggregate, PlainSpan span, PlainTrace trace)
    {
        var labels = aggregate.By.Select(by => (by.ToString(), PlainValues.ToValue(NaiveFields.Of(by, span, trace)))).ToArray();
        var stated = labels.Where(label => !label.Item2.IsNil).ToArray();
        return stated.Length > 0 || labels.Length == 0 ? stated : [labels[0]];
    }

    static IEnumerable<object?> ValuesOf(MetricsExpression.Aggregate aggregate, PlainSpan span, PlainTrace trace)
    {
        if (aggregate.Argument is null)
            return [null];
        var value = NaiveFields.Of(aggregate.Argument, span, trace);
        var isByPowers = aggregate.Function is MetricsFunction.HistogramOverTime or MetricsFunction.QuantileOverTime;
        return (value as List<object> ?? [value!]).Where(one => PlainValues.NumberOf(one) is not (null or double.NaN) && !(isByPowers && (one is double || PlainValues.NumberOf(one) < 2)));
    }

    static IEnumerable<NaiveSeries> Finish(
        MetricsExpression.Aggregate aggregate, IReadOnlyList<(string, Value)> labels, NaiveGrid grid, Func<int, List<object?>> valuesIn)
    {
        var isByPowers = aggregate.Function is MetricsFunction.HistogramOverTime or MetricsFunction.QuantileOverTime;
        var unit = aggregate.Argument is FieldExpression.Field { Intrinsic: var field }
            && (field == Intrinsic.Duration || (isByPowers && (field is Intrinsic.TraceDuration or Intrinsic.EventTimeSinceStart))) ? 1e9 : 1;
        var buckets = Enumerable.Range(0, grid.Ends.Count).Select(valuesIn).ToArray();
        switch (aggregate.Function)
        {
            case MetricsFunction.HistogramOverTime:
                foreach (var power in buckets.SelectMany(Powers).Distinct())
                    yield return new NaiveSeries([.. labels, ("__bucket", Value.OfFloat(power / unit))], [.. buckets.Select(values => (double?)Powers(values).Count(one => one == power))]);
                break;
            case MetricsFunction.QuantileOverTime:
                foreach (var quantile in aggregate.Quantiles)
                    yield return new NaiveSeries([.. labels, ("p", Value.OfFloat(quantile))], [.. buckets.Select(values => (double?)(Quantile(Powers(values), quantile) / unit))]);
                break;
            default:
                yield return new NaiveSeries(Named(labels, aggregate), [.. buckets.Select(values => Sample(aggregate.Function, values, unit, grid.Seconds))]);
                break;
        }
    }

    static IReadOnlyList<(string, Value)> Named(IReadOnlyList<(string, Value)> labels, MetricsExpression.Aggregate aggregate) =>
        labels.Count > 0 ? labels : [("__name__", Value.OfText(NameOf(aggregate)))];

    static double? Sample(MetricsFunction function, List<object?> values, double unit, double seconds) => function switch
    {
        MetricsFunction.Rate => values.Count / seconds,
        MetricsFunction.CountOverTime => values.Count,
        _ when values.Count == 0 => null,
        MetricsFunction.SumOverTime or MetricsFunction.AvgOverTime when double.IsNaN(values.Sum(value => PlainValues.NumberOf(value)!.Value)) => null,
        MetricsFunction.MinOverTime => values.Min(value => PlainValues.NumberOf(value) / unit),
        MetricsFunction.MaxOverTime => values.Max(value => PlainValues.NumberOf(value) / unit),
        MetricsFunction.SumOverTime => values.Sum(value => PlainValues.NumberOf(value) / unit),
        _ => values.Sum(value => PlainValues.NumberOf(value) / unit) / values.Count,
    };

    // The powers of two at or above each value, in order.
    static List<double> Powers(List<object?> values) =>
        [.. values.Select(value => PlainValues.NumberOf(value)!.Value).Select(value => Math.Pow(2, Math.Ceiling(Math.Log2(value)))).Order()];

    static double Quantile(List<double> powers, double quantile)
    {
        if (powers.Count == 0)
            return 0;
        var rank = Math.Max(1, (int)Math.Ceiling(quantile * powers.Count));
        var power = powers[rank - 1];
        var (below, here) = (powers.Count(one => one < power), powers.Count(one => one == power));
        if (below + here == rank)
            return power;
        var from = below == 0 ? Math.Log2(power) - 1 : Math.Log2(powers[below - 1]);
        return Math.Pow(2, from + (Math.Log2(power) - from) * (rank - below) / here);
    }

    static List<NaiveSeries> WithSamples(IEnumerable<NaiveSeries> series) => [.. series.Where(one => one.Samples.Any(sample => sample is not null))];

    static List<NaiveSeries> Rank(List<NaiveSeries> series, MetricsExpression.Rank rank)
    {
        if (series.Count <= rank.Count)
            return series;
        var ordered = NaiveAnswers.InOrder(series);
        return WithSamples(ordered.Select((one, at) => one with { Samples = [.. one.Samples.Select((sample, bucket) => IsRanked(ordered, at, bucket, rank) ? sample : null)] }));
    }

    // Fewer than n others come before it: those with more, and of equals those that stand first.
    static bool IsRanked(List<NaiveSeries> series, int own, int bucket, MetricsExpression.Rank rank)
    {
        if (series[own].Samples[bucket] is not { } sample)
            return false;
        var before = series.Where((one, at) => one.Samples[bucket] is { } other && ((rank.Top ? other > sample : other < sample) || (other == sample && at < own)));
        return before.Count() < rank.Count;
    }

    static double? Keep(MetricsExpression.Compared compared, double? sample)
    {
        var bound = compared.Bound.Type == ValueType.Duration ? compared.Bound.Number / 1e9 : compared.Bound.Number;
        var holds = compared.Comparison switch
        {
            BinaryOperator.Equal => sample == bound,
            BinaryOperator.NotEqual => sample != bound,
            BinaryOperator.Less => sample < bound,
            BinaryOperator.LessOrEqual => sample <= bound,
            BinaryOperator.Greater => sample > bound,
            _ => sample >= bound,
        };
        return holds ? sample : null;
    }

    static List<NaiveSeries> Calculate(MetricsExpression.Math math, IReadOnlyList<PlainTrace> traces, NaiveGrid grid)
    {
        if (math.Left is MetricsExpression.Number left)
            return WithSamples(Of(math.Right, traces, grid).Select(one => one with { Samples = [.. one.Samples.Select(sample => Calculate(math.Operator, Of(left), sample))] }));
        if (math.Right is MetricsExpression.Number right)
            return WithSamples(Of(math.Left, traces, grid).Select(one => one with { Samples = [.. one.Samples.Select(sample => Calculate(math.Operator, sample, Of(right)))] }));
        var (lefts, rights) = (Of(math.Left, traces, grid), Of(math.Right, traces, grid));
        var pairs = from one in lefts
                    from other in rights
                    where LabelText(one) == LabelText(other) || (lefts.Count == 1 && LabelText(one).Length == 0) || (rights.Count == 1 && LabelText(other).Length == 0)
                    select (one, other);
        return WithSamples(pairs.Select(pair => new NaiveSeries(
            [("__name__", Value.OfText(NameOf(math))), .. Told(pair.one).Count > 0 ? Told(pair.one) : Told(pair.other)],
            [.. pair.one.Samples.Zip(pair.other.Samples, (a, b) => Calculate(math.Operator, a, b))])));
    }

    static double Of(MetricsExpression.Number number) => number.Value.Type == ValueType.Duration ? number.Value.Number / 1e9 : number.Value.Number;

    static IReadOnlyList<(string Name, Value Value)> Told(NaiveSeries series) => [.. series.Labels.Where(label => label.Name != "__name__")];

    static string LabelText(NaiveSeries series) => string.Join('\n', Told(series).OrderBy(label => label.Name, StringComparer.Ordinal));

    static double? Calculate(BinaryOperator calculation, double? left, double? right)
    {
        var result = calculation switch
        {
            BinaryOperator.Add => left + right,
            BinaryOperator.Subtract => left - right,
            BinaryOperator.Multiply => left * right,
            _ => right == 0 ? null : left / right,
        };
        return result is double.NaN ? null : result;
    }

    static string NameOf(MetricsExpression expression) => expression switch
    {
        MetricsExpression.Aggregate { Function: MetricsFunction.Rate } => "rate",
        MetricsExpression.Aggregate { Function: MetricsFunction.CountOverTime } => "count_over_time",
        MetricsExpression.Aggregate { Function: MetricsFunction.HistogramOverTime } => "histogram_over_time",
        MetricsExpression.Aggregate { Function: MetricsFunction.QuantileOverTime } => "quantile_over_time",
        MetricsExpression.Aggregate { Function: var function } => $"{function.ToString()[..3].ToLowerInvariant()}_over_time",
        MetricsExpression.Rank rank => NameOf(rank.Of),
        MetricsExpression.Compared compared => NameOf(compared.Of),
        MetricsExpression.Number number => number.Value.ToString(),
        MetricsExpression.Math math => $"({NameOf(math.Left)} {BinaryOperators.TextOf(math.Operator)} {NameOf(math.Right)})",
        _ => "",
    };
}
