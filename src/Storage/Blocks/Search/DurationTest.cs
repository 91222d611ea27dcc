using Clew.Storage.Columns;

namespace Clew.Storage.Blocks.Search;

/// <summary>The duration lies in a closed range. Durations are stored by name: whole names are ruled out by the range of their column.</summary>
internal sealed class DurationTest(SearchTables tables, ulong nanosMin, ulong nanosMax) : RowTest
{
    public override int Cost => 3;

    public override void Limit(GroupBounds bounds, bool isMet)
    {
        foreach (var group in tables.Index.Groups)
        {
            if (Decide(group) == !isMet)
                bounds.Remove(group.Number);
        }
    }

    public override bool? Decide(RowGroupReader reader, RowGroupInfo group) => Decide(group);

    bool? Decide(RowGroupInfo group)
    {
        if (group.DurationMax < nanosMin || group.DurationMin > nanosMax)
            return false;
        return group.DurationMin >= nanosMin && group.DurationMax <= nanosMax ? true : null;
    }

    public override void Keep(RowGroupReader reader, RowGroupInfo group, Span<ulong> rows)
    {
        var shapeOf = reader.ShapeOf;
        var (classOf, classCount) = reader.SpanClasses;
        var counts = new int[classCount];
        foreach (var shape in shapeOf)
            counts[classOf[shape]]++;
        if (!reader.TryOpenColumns(ColumnId.Durations, out var columns))
        {
            if (nanosMin > 0)
                rows.Clear();
            return;
        }

        var passing = new ulong[classCount][];
        var isAny = false;
        for (var at = 0; at < classCount; at++)
        {
            if (counts[at] == 0)
                continue;
            var column = IntegerColumn.Open(ref columns, counts[at]);
            // Beyond it a distance may be that of a span which claims to end before it starts, and counts as 0.
            if (column.Largest > ulong.MaxValue - group.StartMax.Value)
            {
                KeepExactly(reader, group, rows);
                return;
            }

            if (column.Largest < nanosMin || column.Smallest > nanosMax)
                continue;
            isAny = true;
            passing[at] = new ulong[RowBits.WordsOf(counts[at])];
            RowBits.SetAll(passing[at], counts[at]);
            column.Keep(nanosMin, nanosMax, passing[at]);
        }

        if (isAny)
            Scatter(shapeOf, classOf, passing, rows);
        else
            rows.Clear();
    }

    static void Scatter(ReadOnlySpan<int> shapeOf, int[] classOf, ulong[]?[] passing, Span<ulong> rows)
    {
        var next = new int[passing.Length];
        for (var row = 0; row < shapeOf.Length; row++)
        {
            var at = classOf[shapeOf[row]];
            var place = next[at]++;
            if (passing[at] is not { } bits || !RowBits.Contains(bits, place))
                rows[row >> 6] &= ~(1UL << (row & 63));
        }
    }

    void KeepExactly(RowGroupReader reader, RowGroupInfo group, Span<ulong> rows)
    {
        var counts = new ShapeCounts(reader, 0, group.Rows);
        var starts = new ulong[group.Rows];
        var distances = new ulong[group.Rows];
        SpanTimes.TakeStarts(reader, counts, 0, starts);
        SpanTimes.TakeDurations(reader, counts, 0, distances);
        for (var row = 0; row < starts.Length; row++)
        {
            var nanos = unchecked(starts[row] + distances[row]) >= starts[row] ? distances[row] : 0;
            if (nanos < nanosMin || nanos > nanosMax)
                rows[row >> 6] &= ~(1UL << (row & 63));
        }
    }
}
