namespace Clew.TraceQL.Metrics;

/// <summary>How often each value of one attribute occurs, in the selection and in the baseline. For one thread.</summary>
internal sealed class CompareCounts(MetricsPlan plan)
{
    // What a value takes beside its samples.
    const int ValueBytes = 200;

    readonly Dictionary<Value, double[]>[] _values = [[], []];
    readonly double[][] _totals = [new double[plan.Grid.Count], new double[plan.Grid.Count]];
    readonly bool[] _hasTooMany = new bool[2];

    public void Add(ComparePlace place, Value value)
    {
        var side = SideOf(place.IsSelected);
        _totals[side][place.Bucket]++;
        if (SamplesOf(side, value) is { } samples)
            samples[place.Bucket]++;
    }

    /// <summary>Adds those of another thread, which is not to be used any more: its memory becomes this one's, or is returned.</summary>
    public void TakeAll(CompareCounts other)
    {
        for (var side = 0; side < 2; side++)
        {
            _hasTooMany[side] |= other._hasTooMany[side];
            AddTo(_totals[side], other._totals[side]);
            foreach (var (value, counts) in other._values[side])
                Take(side, value, counts);
        }
    }

    /// <summary>The counts of the values that occur most, and of all.</summary>
    public IEnumerable<MetricSeries> ToSeries(string name, int top)
    {
        for (var side = 0; side < 2; side++)
        {
            var kind = side == 0 ? "selection" : "baseline";
            // Which of too many were told apart is chance: none is named then.
            var values = _hasTooMany[side] ? [] : _values[side];
            foreach (var (value, samples) in values.OrderByDescending(value => value.Value.Sum()).ThenBy(value => value.Key.ToString(), StringComparer.Ordinal).Take(top))
                yield return Series(samples, ("__meta_type", Value.OfText(kind)), (name, value));
            if (_hasTooMany[side])
                yield return Series(new double[plan.Grid.Count], ("__meta_type", Value.OfText(kind)), ("__meta_error", Value.OfText("__too_many_values__")), (name, Value.Nil));
            if (_totals[side].Any(count => count > 0))
                yield return Series(_totals[side], ("__meta_type", Value.OfText($"{kind}_total")), (name, Value.Nil));
        }
    }

    static MetricSeries Series(double[] samples, params ReadOnlySpan<(string Name, Value Value)> labels)
    {
        var list = new List<MetricLabel>(labels.Length);
        foreach (var (name, value) in labels)
            list.Add(new MetricLabel(name, value));
        return new MetricSeries(list, samples, []);
    }

    static int SideOf(bool isSelected) => isSelected ? 0 : 1;

    static void AddTo(double[] samples, double[] counts)
    {
        for (var bucket = 0; bucket < samples.Length; bucket++)
            samples[bucket] += counts[bucket];
    }

    // What is taken over is counted already.
    void Take(int side, Value value, double[] counts)
    {
        if (!_values[side].TryGetValue(value, out var samples) && _values[side].Count < CompareSink.ValuesMax)
        {
            _values[side].Add(value, counts);
            return;
        }

        if (samples is null)
            _hasTooMany[side] = true;
        else
            AddTo(samples, counts);
        plan.Work.Return(BytesOf(value));
    }

    long BytesOf(Value value) => ValueBytes + QueryWork.BytesOf(value) + (8L * plan.Grid.Count);

    double[]? SamplesOf(int side, Value value)
    {
        if (_values[side].TryGetValue(value, out var samples))
            return samples;
        if (_values[side].Count == CompareSink.ValuesMax)
        {
            _hasTooMany[side] = true;
            return null;
        }

        if (!plan.Work.TryTake(BytesOf(value)))
            return null;
        _values[side].Add(value, samples = new double[plan.Grid.Count]);
        return samples;
    }
}
