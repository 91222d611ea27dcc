using Clew.Model;
using Clew.TraceQL.Operators;
using Clew.TraceQL.Operators.Fields;

namespace Clew.TraceQL.Metrics;

/// <summary>Picks example spans, spread over time: two of each of as many stretches as there are pairs. For one thread.</summary>
/// <remarks>Of the spans of a stretch those with the least hash are picked, so that the answer does not depend on who counted what first.</remarks>
internal sealed class ExemplarPicker(TimeGrid grid, int countMax, IReadOnlyList<(string Name, SpanField Field)> shown)
{
    const int PerStretch = 2;

    readonly int _stretches = Math.Max(1, countMax / PerStretch);
    readonly Dictionary<(int Group, int Stretch), List<(ulong Hash, Exemplar Exemplar)>> _picked = [];

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
        var start = batch.Spans.Starts[row];
        var stretch = (int)(grid.Starts.From.NanosUntil(start) / (grid.Starts.From.NanosUntil(grid.Starts.To) / (ulong)_stretches + 1));
        if (!_picked.TryGetValue((group, stretch), out var picked))
            _picked.Add((group, stretch), picked = new List<(ulong, Exemplar)>(PerStretch + 1));
        var hash = unchecked((batch.Spans.SpanIds[row].Value ^ batch.Spans.TraceIds[row].Low) * 0x9E3779B97F4A7C15);
        if (picked.Count == PerStretch && hash >= picked[^1].Hash)
            return;
        Add(picked, hash, new Exemplar(batch.Spans.TraceIds[row], batch.Spans.SpanIds[row], start, value, LabelsOf(row)));
    }

    /// <summary>Takes what another thread picked of a group, which it may number otherwise.</summary>
    public void TakeAll(ExemplarPicker other, int otherGroup, int group)
    {
        foreach (var (key, theirs) in other._picked)
        {
            if (key.Group != otherGroup)
                continue;
            if (!_picked.TryGetValue((group, key.Stretch), out var ours))
                _picked.Add((group, key.Stretch), ours = new List<(ulong, Exemplar)>(PerStretch + 1));
            foreach (var (hash, exemplar) in theirs)
                Add(ours, hash, exemplar);
        }
    }

    public IReadOnlyList<Exemplar> Of(int group) =>
        [.. _picked.Where(picked => picked.Key.Group == group).OrderBy(picked => picked.Key.Stretch).SelectMany(picked => picked.Value.Select(one => one.Exemplar)).Take(countMax)];

    static void Add(List<(ulong Hash, Exemplar Exemplar)> picked, ulong hash, Exemplar exemplar)
    {
        var at = picked.FindIndex(known => hash < known.Hash);
        picked.Insert(at < 0 ? picked.Count : at, (hash, exemplar));
        if (picked.Count > PerStretch)
            picked.RemoveAt(PerStretch);
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
}
