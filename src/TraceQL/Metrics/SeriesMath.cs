using Clew.TraceQL.Operators;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Metrics;

/// <summary>What stands behind a metrics function: ranks, comparisons and calculations over finished series.</summary>
/// <remarks>The exemplars of functions that only count have no value until all is calculated: they are part of a sample, whatever becomes of it. Samples are changed in place: who
/// hands series over needs them no more. Where time ends, what is not worked out is left out.</remarks>
internal sealed class SeriesMath(TimeGrid grid, QueryWork work)
{
    /// <summary><c>| topk(n)</c> and <c>| bottomk(n)</c>: of each bucket, the n series with the most, or least; a series that is never among them is gone.</summary>
    /// <remarks>Of equals the one that comes first in the answer's order is taken.</remarks>
    public List<MetricSeries> Rank(List<MetricSeries> series, bool top, int count, CancellationToken cancellation)
    {
        if (series.Count <= count)
            return series;
        for (var bucket = 0; bucket < grid.Count; bucket++)
        {
            if (work.MustEnd(cancellation))
            {
                series.ForEach(one => one.Samples.AsSpan(bucket).Fill(double.NaN));
                break;
            }

            Rank(series, top, count, bucket);
        }

        return WithSamples(series);
    }

    static void Rank(List<MetricSeries> series, bool top, int count, int bucket)
    {
        var best = new FirstOf<int>(count, Order);
        for (var at = 0; at < series.Count; at++)
        {
            if (!double.IsNaN(series[at].Samples[bucket]))
                best.Add(at);
        }

        var kept = best.TakeAll().ConvertAll(at => (Series: at, Sample: series[at].Samples[bucket]));
        foreach (var one in series)
            one.Samples[bucket] = double.NaN;
        foreach (var (at, sample) in kept)
            series[at].Samples[bucket] = sample;

        int Order(int left, int right)
        {
            var (one, other) = (series[left], series[right]);
            var bySample = one.Samples[bucket].CompareTo(other.Samples[bucket]);
            return bySample != 0 ? (top ? -bySample : bySample) : Compare(one, other) is var byLabels and not 0 ? byLabels : left.CompareTo(right);
        }
    }

    /// <summary><c>| &gt; v</c>: leaves the samples, and exemplars, that compare so; a series without any left is gone.</summary>
    public List<MetricSeries> Compare(List<MetricSeries> series, BinaryOperator comparison, Value bound, CancellationToken cancellation)
    {
        var number = Cell.OfFloat(NumberOf(bound));
        return WithSamples(Each(series, cancellation).Select(one =>
        {
            var left = one with { Exemplars = [.. one.Exemplars.Where(exemplar => Holds(ValueOf(exemplar, one)))] };
            Change(one.Samples, sample => Holds(sample) ? sample : double.NaN);
            return left;
        }));

        bool Holds(double value) => Comparison.Holds(comparison, Cell.OfFloat(value), number);
    }

    /// <summary><c>a / b</c> of two sets of series: of those whose labels are equal, or of all with the only one that has none.</summary>
    /// <remarks>Exemplars are those of the side that has labels, of two alike the left one's: each stays one, however many series it is calculated into.</remarks>
    /// <param name="name">What the result is called.</param>
    public List<MetricSeries> Calculate(BinaryOperator calculation, string name, List<MetricSeries> left, List<MetricSeries> right, CancellationToken cancellation)
    {
        if (left is [var lone] && Told(lone).Count == 0 && !(right is [var other] && Told(other).Count == 0))
            return WithSamples(Each(right, cancellation).Select(one => Join(lone, one, one, exemplar => Of(calculation, SampleOf(exemplar, lone), exemplar.Value))));
        if (right is [var single] && Told(single).Count == 0)
            return WithSamples(Each(left, cancellation).Select(one => JoinLeft(one, single)));
        // A quantile that is asked for twice has two series alike.
        var byLabels = Each(right, cancellation).DistinctBy(KeyOf).ToDictionary(KeyOf);
        return WithSamples(Each(left, cancellation).Where(one => byLabels.ContainsKey(KeyOf(one))).Select(one => JoinLeft(one, byLabels[KeyOf(one)])));

        MetricSeries JoinLeft(MetricSeries one, MetricSeries second) => Join(one, second, one, exemplar => Of(calculation, exemplar.Value, SampleOf(exemplar, second)));

        MetricSeries Join(MetricSeries first, MetricSeries second, MetricSeries labelled, Func<Exemplar, double> calculate)
        {
            var samples = labelled.Samples;
            for (var bucket = 0; bucket < samples.Length; bucket++)
                samples[bucket] = Of(calculation, first.Samples[bucket], second.Samples[bucket]);
            return new MetricSeries(
                [new MetricLabel(MetricLabel.FunctionName, Value.OfText(name)), .. Told(labelled)], samples,
                [.. labelled.Exemplars.Select(exemplar => exemplar with { Value = calculate(exemplar) })]);
        }
    }

    /// <summary>The first of an answer, in its order.</summary>
    public List<MetricSeries> First(List<MetricSeries> series, int countMax, CancellationToken cancellation)
    {
        var first = new FirstOf<MetricSeries>(countMax, Compare);
        for (var at = 0; at < series.Count && !(work.MustEnd(cancellation) && at >= countMax); at++)
            first.Add(series[at]);
        return first.TakeAll();
    }

    /// <summary>Gives exemplars that only counted by being there the value of the sample that they are part of by now.</summary>
    public void FillExemplars(List<MetricSeries> series)
    {
        for (var at = 0; at < series.Count; at++)
        {
            var one = series[at];
            if (one.Exemplars.Any(exemplar => double.IsNaN(exemplar.Value)))
                series[at] = one with { Exemplars = [.. one.Exemplars.Select(exemplar => exemplar with { Value = ValueOf(exemplar, one) })] };
        }
    }

    /// <summary><c>a * 2</c>, or <c>2 * a</c>.</summary>
    public List<MetricSeries> Scale(BinaryOperator calculation, List<MetricSeries> series, Value value, bool numberIsLeft, CancellationToken cancellation)
    {
        var number = NumberOf(value);
        return WithSamples(Each(series, cancellation).Select(one =>
        {
            Change(one.Samples, Scaled);
            return one with { Exemplars = [.. one.Exemplars.Select(exemplar => exemplar with { Value = Scaled(exemplar.Value) })] };
        }));

        double Scaled(double sample) => numberIsLeft ? Of(calculation, number, sample) : Of(calculation, sample, number);
    }

    double ValueOf(Exemplar exemplar, MetricSeries series) => double.IsNaN(exemplar.Value) ? SampleOf(exemplar, series) : exemplar.Value;

    double SampleOf(Exemplar exemplar, MetricSeries series) => series.Samples[grid.BucketOf(exemplar.Start)];

    // What is shown of durations are seconds.
    static double NumberOf(Value value) => value.Type == ValueType.Duration ? value.Number / 1e9 : value.Number;

    static List<MetricSeries> WithSamples(IEnumerable<MetricSeries> series) => [.. series.Where(one => !Array.TrueForAll(one.Samples, double.IsNaN))];

    IEnumerable<MetricSeries> Each(List<MetricSeries> series, CancellationToken cancellation) => series.TakeWhile(_ => !work.MustEnd(cancellation));

    static void Change(double[] samples, Func<double, double> change)
    {
        for (var bucket = 0; bucket < samples.Length; bucket++)
            samples[bucket] = change(samples[bucket]);
    }

    static int Compare(MetricSeries left, MetricSeries right) => new SeriesLabels(left.Labels).CompareTo(new SeriesLabels(right.Labels));

    // By zero there is no quotient, and so no sample.
    static double Of(BinaryOperator calculation, double left, double right) =>
        calculation == BinaryOperator.Divide && right == 0 ? double.NaN : Arithmetic.OfFloats(calculation, left, right);

    // In whatever order the query names them.
    static SeriesLabels KeyOf(MetricSeries series) => new([.. Told(series).OrderBy(label => label.Name, StringComparer.Ordinal)]);

    static IReadOnlyList<MetricLabel> Told(MetricSeries series) => [.. series.Labels.Where(label => label.Name != MetricLabel.FunctionName)];
}
