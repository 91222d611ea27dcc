using Clew.Model;
using Clew.TraceQL.Operators;
using Clew.TraceQL.Operators.Fields;

namespace Clew.TraceQL.Metrics;

/// <summary>Picks example spans, of all series together, spread over time: two of each of as many stretches as there are pairs. For one thread.</summary>
/// <remarks>Of the spans of a stretch those with the least hash are picked, so that the answer does not depend on who counted what first.</remarks>
internal sealed class ExemplarPicker(TimeGrid grid, int countMax, IReadOnlyList<(string Name, SpanField Field)> shown, QueryWork work)
{
    const int PerStretchMax = 2;

    // What an exemplar takes beside its labels, its place in a list included; and a label beside its value.
    const int ExemplarBytes = 250, LabelBytes = 40;

    readonly int _perStretch = Math.Min(PerStretchMax, countMax);
    readonly int _stretches = Math.Max(1, countMax / PerStretchMax);
    readonly Dictionary<int, List<Picked>> _picked = [];

    public void Open(SpanBatch batch)
    {
        foreach (var (_, field) in shown)
            field.Open(batch);
    }

    public void Enter(TraceView trace)
    {
        foreach (var (_, field) in shown)
            field.Enter(trace);
    }

    public void Offer(int group, SpanBatch batch, int row, double value)
    {
        if (work.IsFull)
            return;
        var start = batch.Spans.Starts[row];
        var picked = PickedOf((int)(grid.Starts.From.NanosUntil(start) / (grid.Starts.From.NanosUntil(grid.Starts.To) / (ulong)_stretches + 1)));
        var hash = unchecked((batch.Spans.SpanIds[row].Value ^ batch.Spans.TraceIds[row].Low) * 0x9E3779B97F4A7C15);
        if (picked.Count == _perStretch && hash >= picked[^1].Hash)
            return;
        var labels = LabelsOf(row);
        var bytes = ExemplarBytes + labels.Sum(label => LabelBytes + QueryWork.BytesOf(label.Value));
        work.TryTake(bytes);
        Add(picked, new Picked(hash, group, bytes, new Exemplar(batch.Spans.TraceIds[row], batch.Spans.SpanIds[row], start, value, labels)));
    }

    /// <summary>Takes what another thread picked, which may number groups otherwise.</summary>
    /// <param name="groups">Of its groups, what they are called here.</param>
    public void TakeAll(ExemplarPicker other, IReadOnlyDictionary<int, int> groups)
    {
        foreach (var (stretch, theirs) in other._picked)
        {
            foreach (var one in theirs)
                Add(PickedOf(stretch), one with { Group = groups[one.Group] });
        }
    }

    /// <summary>Those of each group, in order of time, about.</summary>
    public ILookup<int, Exemplar> ByGroup() =>
        _picked.OrderBy(picked => picked.Key).SelectMany(picked => picked.Value).ToLookup(one => one.Group, one => one.Exemplar);

    List<Picked> PickedOf(int stretch)
    {
        if (!_picked.TryGetValue(stretch, out var picked))
            _picked.Add(stretch, picked = new List<Picked>(_perStretch + 1));
        return picked;
    }

    void Add(List<Picked> picked, Picked one)
    {
        var at = picked.FindIndex(known => one.Hash < known.Hash);
        picked.Insert(at < 0 ? picked.Count : at, one);
        if (picked.Count <= _perStretch)
            return;
        work.Return(picked[_perStretch].Bytes);
        picked.RemoveAt(_perStretch);
    }

    List<MetricLabel> LabelsOf(int row)
    {
        var labels = new List<MetricLabel>();
        foreach (var (name, field) in shown)
        {
            if (field.Of(row) is { IsNil: false } cell)
                labels.Add(new MetricLabel(name, cell.ToValue()));
        }

        return labels;
    }

    readonly record struct Picked(ulong Hash, int Group, long Bytes, Exemplar Exemplar);
}
