using Clew.Model;
using Clew.TraceQL.Operators;
using Clew.TraceQL.Operators.Fields;

namespace Clew.TraceQL.Metrics;

/// <summary><c>by(a, b)</c>: numbers the groups that spans belong to, in the order in which they are met. For one thread.</summary>
internal sealed class SpanGroups(IReadOnlyList<(string Name, SpanField Field)> by, QueryWork work)
{
    // Of two fields or more: the numbers of its values, and where they are joined.
    const int GroupBytes = 160;

    readonly FieldCodes[] _fields = [.. by.Select(field => new FieldCodes(field.Field, work))];

    // Of the group so far and the next field's value, the group with it. A single field's values are the groups.
    readonly Dictionary<(int Group, int Code), int>[] _joined = [.. by.Select(_ => new Dictionary<(int, int), int>())];
    readonly List<int[]> _groups = [];

    public void Open(SpanBatch batch)
    {
        foreach (var field in _fields)
            field.Open(batch);
    }

    public void Enter(TraceView trace)
    {
        foreach (var field in _fields)
            field.Enter(trace);
    }

    public int Of(int row)
    {
        if (_fields.Length <= 1)
            return _fields.Length == 0 ? 0 : _fields[0].Of(row);
        var group = 0;
        for (var at = 0; at < _fields.Length; at++)
        {
            var key = (group, _fields[at].Of(row));
            if (_joined[at].TryGetValue(key, out group))
                continue;
            group = at == _fields.Length - 1 ? AddGroup(row) : _joined[at].Count;
            _joined[at].Add(key, group);
        }

        return group;
    }

    /// <summary>What sets a group apart: values that spans do not have are not said; when they have none, the first says so.</summary>
    public IReadOnlyList<MetricLabel> LabelsOf(int group)
    {
        if (by.Count == 0)
            return [];
        var labels = new List<MetricLabel>(by.Count);
        for (var at = 0; at < by.Count; at++)
        {
            if (_fields[at][by.Count == 1 ? group : _groups[group][at]] is { IsNil: false } value)
                labels.Add(new MetricLabel(by[at].Name, value));
        }

        return labels.Count > 0 ? labels : [new MetricLabel(by[0].Name, Value.Nil)];
    }

    int AddGroup(int row)
    {
        work.TryTake(GroupBytes);
        _groups.Add(Array.ConvertAll(_fields, field => field.Of(row)));
        return _groups.Count - 1;
    }
}
