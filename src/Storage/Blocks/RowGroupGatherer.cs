using Clew.Model;

namespace Clew.Storage.Blocks;

/// <summary>Collects the rows of one row group, a column at a time, with the codes they have in the block.</summary>
internal sealed class RowGroupGatherer(SpanBatch source, StringPlacement placement)
{
    /// <summary>The row group at hand. Its string codes are those of the placement, not of its own table.</summary>
    public SpanBatch Group { get; } = new(new StringTable(), placement.Dictionary.Resources, placement.Dictionary.Scopes);

    /// <summary>Nested rows that the dictionary has; the group's own come after them.</summary>
    public int SharedNested => placement.Dictionary.Nested.Count;

    public void Gather(ReadOnlySpan<int> rows)
    {
        Clear();
        placement.BeginGroup();
        SpanColumns from = source.Spans, to = Group.Spans;
        Pick(from.TraceIds, to.TraceIds, rows);
        Pick(from.SpanIds, to.SpanIds, rows);
        Pick(from.ParentSpanIds, to.ParentSpanIds, rows);
        Pick(from.Starts, to.Starts, rows);
        Pick(from.Ends, to.Ends, rows);
        Pick(from.Scopes, to.Scopes, rows);
        PickCodes(from.Names, to.Names, rows);
        PickCodes(from.TraceStates, to.TraceStates, rows);
        PickCodes(from.StatusMessages, to.StatusMessages, rows);
        Pick(from.Flags, to.Flags, rows);
        Pick(from.DroppedAttributeCounts, to.DroppedAttributeCounts, rows);
        Pick(from.DroppedEventCounts, to.DroppedEventCounts, rows);
        Pick(from.DroppedLinkCounts, to.DroppedLinkCounts, rows);
        Pick(from.Kinds, to.Kinds, rows);
        Pick(from.Statuses, to.Statuses, rows);
        foreach (var row in rows)
            PickAttributes(from.Attributes, row, to.Attributes);
        foreach (var row in rows)
            PickEvents(row);
        foreach (var row in rows)
            PickLinks(row);
    }

    // The dictionary's nested values come first, as they will when the row group is read.
    void Clear()
    {
        Group.ClearSpans(Math.Min(Group.Nested.Count, SharedNested));
        for (var row = Group.Nested.Count; row < SharedNested; row++)
            Group.Nested.Set(Group.Nested.Append(1), placement.Dictionary.Nested.Keys[row], placement.Dictionary.Nested.Values[row]);
    }

    static void Pick<T>(Column<T> from, Column<T> to, ReadOnlySpan<int> rows)
        where T : unmanaged
    {
        var values = from.Values;
        var picked = to.Append(rows.Length);
        for (var at = 0; at < picked.Length; at++)
            picked[at] = values[rows[at]];
    }

    void PickCodes(Column<int> from, Column<int> to, ReadOnlySpan<int> rows)
    {
        var values = from.Values;
        var picked = to.Append(rows.Length);
        for (var at = 0; at < picked.Length; at++)
            picked[at] = placement.CodeOf(values[rows[at]]);
    }

    void PickAttributes(AttributeColumns from, int owner, AttributeColumns to)
    {
        var range = from[owner];
        var keys = from.Keys.Values;
        var kinds = from.Values.Kinds.Values;
        var bits = from.Values.Bits.Values;
        for (var row = range.Start; row < range.End; row++)
            to.Add(placement.CodeOf(keys[row]), Value(new AnyValue(kinds[row], bits[row])));
        to.EndOwner();
    }

    AnyValue Value(AnyValue value)
    {
        if (value.IsText)
            return value with { Bits = placement.CodeOf(value.Code) };
        if (!value.IsContainer)
            return value;
        var first = Group.Nested.Append(value.NestedCount);
        for (var at = 0; at < value.NestedCount; at++)
        {
            var row = value.NestedStart + at;
            Group.Nested.Set(first + at, placement.CodeOf(source.Nested.Keys[row]), Value(source.Nested.Values[row]));
        }

        return value.Kind == ValueKind.Array ? AnyValue.OfArray(first, value.NestedCount) : AnyValue.OfMap(first, value.NestedCount);
    }

    void PickEvents(int span)
    {
        EventColumns from = source.Events, to = Group.Events;
        var range = from[span];
        for (var row = range.Start; row < range.End; row++)
        {
            PickAttributes(from.Attributes, row, to.Attributes);
            to.Times.Add(from.Times[row]);
            to.Names.Add(placement.CodeOf(from.Names[row]));
            to.DroppedAttributeCounts.Add(from.DroppedAttributeCounts[row]);
        }

        to.Ends.Add(to.Count);
    }

    void PickLinks(int span)
    {
        LinkColumns from = source.Links, to = Group.Links;
        var range = from[span];
        for (var row = range.Start; row < range.End; row++)
        {
            PickAttributes(from.Attributes, row, to.Attributes);
            to.TraceIds.Add(from.TraceIds[row]);
            to.SpanIds.Add(from.SpanIds[row]);
            to.TraceStates.Add(placement.CodeOf(from.TraceStates[row]));
            to.Flags.Add(from.Flags[row]);
            to.DroppedAttributeCounts.Add(from.DroppedAttributeCounts[row]);
        }

        to.Ends.Add(to.Count);
    }
}
