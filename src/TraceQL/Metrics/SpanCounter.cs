using Clew.Model;
using Clew.TraceQL.Binding;
using Clew.TraceQL.Operators;
using Clew.TraceQL.Operators.Fields;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Metrics;

/// <summary>Counts the spans of one metrics function by group and bucket. For one thread.</summary>
internal sealed class SpanCounter : ISpanSink
{
    // What a group takes beside its samples.
    const int GroupBytes = 200;

    readonly MetricsExpression.Aggregate _aggregate;
    readonly MetricsPlan _plan;
    readonly SpanGroups _groups;
    readonly SpanField? _argument;
    readonly bool _isByPowers;
    readonly SpanWeight? _weight;
    readonly ExemplarPicker? _exemplars;
    readonly List<SeriesAccumulator?> _accumulators = [];
    SpanBatch _batch = new();

    public SpanCounter(MetricsExpression.Aggregate aggregate, MetricsPlan plan)
    {
        (_aggregate, _plan) = (aggregate, plan);
        _groups = new SpanGroups([.. aggregate.By.Select(field => (field.ToString(), FieldBinder.Bind(field)))], plan.Work);
        _argument = aggregate.Argument is null ? null : FieldBinder.Bind(aggregate.Argument);
        _isByPowers = MetricsFunctions.IsByPowers(aggregate.Function);
        _weight = plan.Hints.Extrapolate ? new SpanWeight() : null;
        if (plan.ExemplarsMax > 0)
            _exemplars = new ExemplarPicker(plan.Grid, plan.ExemplarsMax, [.. plan.Shown.Select(shown => (shown.Name, FieldBinder.Bind(shown.Field)))], plan.Work);
    }

    public void Open(SpanBatch batch)
    {
        _batch = batch;
        _groups.Open(batch);
        _argument?.Open(batch);
        _weight?.Open(batch);
        _exemplars?.Open(batch);
    }

    public void Enter(TraceView trace)
    {
        _groups.Enter(trace);
        _argument?.Enter(trace);
        _exemplars?.Enter(trace);
    }

    public void Count(int row)
    {
        if (_plan.Work.IsFull)
            return;
        var bucket = _plan.Grid.BucketOf(_batch.Spans.Starts[row]);
        var weight = _weight?.Of(row) ?? 1;
        if (_argument is null)
            Add(row, bucket, 0, weight);
        else
            AddAll(row, bucket, _argument.Of(row), weight);
    }

    /// <summary>Takes what another thread has counted.</summary>
    public void TakeAll(SpanCounter other, Dictionary<SeriesLabels, int> groupsByLabels, CancellationToken cancellation)
    {
        var groups = new Dictionary<int, int>();
        for (var theirs = 0; theirs < other._accumulators.Count; theirs++)
        {
            if (other._accumulators[theirs] is not { } accumulator)
                continue;
            if (_plan.Work.MustEnd(cancellation))
                return;
            var labels = new SeriesLabels(other._groups.LabelsOf(theirs));
            if (!groupsByLabels.TryGetValue(labels, out var ours))
                groupsByLabels.Add(labels, ours = groupsByLabels.Count);
            groups.Add(theirs, ours);
            Take(ours, accumulator);
        }

        if (other._exemplars is not null)
            _exemplars!.TakeAll(other._exemplars, groups);
    }

    /// <summary>The finished series of a counter that only took what others counted.</summary>
    public IEnumerable<MetricSeries> ToSeries(Dictionary<SeriesLabels, int> groupsByLabels, CancellationToken cancellation)
    {
        var exemplarsByGroup = _exemplars?.ByGroup();
        foreach (var (labels, group) in groupsByLabels)
        {
            if (_plan.Work.MustEnd(cancellation))
                yield break;
            var series = AccumulatorOf(group).ToSeries(_plan.Grid).ToArray();
            var exemplars = exemplarsByGroup?[group].ToLookup(exemplar => SeriesOf(exemplar, series));
            for (var at = 0; at < series.Length; at++)
            {
                var (further, samples) = series[at];
                IReadOnlyList<MetricLabel> all = [.. labels.Labels, .. further];
                if (all.Count == 0)
                    all = [new MetricLabel(MetricLabel.FunctionName, Value.OfText(MetricsFunctions.NameOf(_aggregate.Function)))];
                yield return new MetricSeries(all, samples, [.. exemplars?[at].Select(Counted) ?? []]);
            }
        }
    }

    void AddAll(int row, int bucket, Cell cell, double weight)
    {
        if (cell.Type == ValueType.Array)
        {
            for (var index = 0; index < cell.Count; index++)
                AddAll(row, bucket, cell[index], weight);
        }
        else if (cell.IsNumber && !double.IsNaN(cell.Number) && !(_isByPowers && (cell.Type == ValueType.Float || cell.Bits < HistogramAccumulator.ValueMin)))
        {
            Add(row, bucket, _isByPowers ? cell.Number : cell.Number / MetricsFunctions.UnitOf(_aggregate), weight);
        }
    }

    void Add(int row, int bucket, double value, double weight)
    {
        var group = _groups.Of(row);
        AccumulatorOf(group).Add(bucket, value, weight);
        _exemplars?.Offer(group, _batch, row, _argument is null ? double.NaN : _isByPowers ? value / MetricsFunctions.UnitOf(_aggregate) : value);
    }

    // What comes first is kept as it is.
    void Take(int group, SeriesAccumulator accumulator)
    {
        while (group >= _accumulators.Count)
            _accumulators.Add(null);
        if (_accumulators[group] is { } known)
            known.TakeAll(accumulator);
        else
            _accumulators[group] = accumulator;
    }

    SeriesAccumulator AccumulatorOf(int group)
    {
        while (group >= _accumulators.Count)
            _accumulators.Add(null);
        if (_accumulators[group] is { } known)
            return known;
        _plan.Work.TryTake(GroupBytes + (_isByPowers ? 0 : 16L * _plan.Grid.Count));
        return _accumulators[group] = MetricsFunctions.NewAccumulator(_aggregate, _plan.Grid.Count, _plan.Work);
    }

    // Of a histogram the series that counts the span; of several quantiles the first that is not below it.
    int SeriesOf(Exemplar exemplar, (IReadOnlyList<MetricLabel> Labels, double[] Samples)[] series)
    {
        var bucket = _plan.Grid.BucketOf(exemplar.Start);
        var at = Array.FindIndex(series, one => !_isByPowers || exemplar.Value <= (_aggregate.Function == MetricsFunction.HistogramOverTime ? one.Labels[0].Value.Number : one.Samples[bucket]));
        return at < 0 ? series.Length - 1 : at;
    }

    // Of a histogram, too, a span only counts by being there.
    Exemplar Counted(Exemplar exemplar) => _aggregate.Function == MetricsFunction.HistogramOverTime ? exemplar with { Value = double.NaN } : exemplar;
}
