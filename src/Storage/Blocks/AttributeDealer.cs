using System.Runtime.InteropServices;
using Clew.Model;

namespace Clew.Storage.Blocks;

/// <summary>Deals the attribute values of a row group out to one column per owner, key and kind.</summary>
internal sealed class AttributeDealer
{
    readonly SortedDictionary<ColumnKey, ValueColumn> _columns = new(Comparer<ColumnKey>.Create(
        (left, right) => left.Tag != right.Tag ? left.Tag.CompareTo(right.Tag) : left.Code.CompareTo(right.Code)));

    /// <summary>By owner, then kind, then key.</summary>
    public IEnumerable<ValueColumn> Columns => _columns.Values;

    /// <param name="shapeOf">Per row, its shape.</param>
    public void Deal(SpanBatch group, SpanShape[] shapes, ReadOnlySpan<int> shapeOf)
    {
        _columns.Clear();
        var plans = Array.ConvertAll(shapes, Plan);
        for (var row = 0; row < shapeOf.Length; row++)
        {
            var plan = plans[shapeOf[row]];
            Deal(group.Spans.Attributes.Values, group.Spans.Attributes[row].Start, plan.OnSpan);
            if (plan.OnEvents.Length > 0)
                Deal(group.Events.Attributes.Values, group.Events.Attributes[group.Events[row].Start].Start, plan.OnEvents);
            if (plan.OnLinks.Length > 0)
                Deal(group.Links.Attributes.Values, group.Links.Attributes[group.Links[row].Start].Start, plan.OnLinks);
        }
    }

    static void Deal(ValueColumns values, int start, ValueColumn[] columns)
    {
        var bits = MemoryMarshal.Cast<long, ulong>(values.Bits.Values).Slice(start, columns.Length);
        for (var at = 0; at < bits.Length; at++)
            columns[at].Values.Add(bits[at]);
    }

    ShapePlan Plan(SpanShape shape) => new(
        Array.ConvertAll(shape.Attributes, ColumnOf),
        [.. shape.EventAttributes.SelectMany(keys => keys).Select(ColumnOf)],
        [.. shape.LinkAttributes.SelectMany(keys => keys).Select(ColumnOf)]);

    ValueColumn ColumnOf(ColumnKey key)
    {
        if (!_columns.TryGetValue(key, out var column))
            _columns.Add(key, column = new ValueColumn(key));
        return column;
    }

    sealed record ShapePlan(ValueColumn[] OnSpan, ValueColumn[] OnEvents, ValueColumn[] OnLinks);

    /// <summary>The values of one key and kind, in the order of their owners.</summary>
    public sealed record ValueColumn(ColumnKey Key)
    {
        public Column<ulong> Values { get; } = new();
    }
}
