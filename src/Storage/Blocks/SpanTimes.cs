using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Starts and durations of the rows of a row group, which are stored by the spans' names.</summary>
internal static class SpanTimes
{
    /// <summary>Per row of a range, the distance of its end from its start, as it was claimed.</summary>
    public static void TakeDurations(RowGroupReader reader, ShapeCounts counts, int first, Span<ulong> into) => Take(reader, ColumnId.Durations, counts, first, into);

    /// <summary>The starts of a range of rows that begins with a run.</summary>
    public static void TakeStarts(RowGroupReader reader, ShapeCounts counts, int first, Span<ulong> into)
    {
        var runs = reader.Runs;
        Take(reader, ColumnId.Starts, counts, first, into);
        // All but the first row of a run are told from the row before.
        for (int row = 0, run = runs.RunOf(first); row < into.Length; run++)
        {
            var start = runs.Starts[run].Value;
            var ofRun = into[row..Math.Min(into.Length, runs.FirstRow(run + 1) - first)];
            ofRun[0] = start;
            for (var at = 1; at < ofRun.Length; at++)
                ofRun[at] = start = unchecked(start + ofRun[at]);
            row += ofRun.Length;
        }
    }

    static void Take(RowGroupReader reader, ColumnId id, ShapeCounts counts, int first, Span<ulong> into)
    {
        if (!reader.TryOpenColumns(id, out var columns))
        {
            into.Clear();
            return;
        }

        var (classOf, classCount) = reader.SpanClasses;
        var (before, within, all) = (new int[classCount], new int[classCount], new int[classCount]);
        for (var shape = 0; shape < classOf.Length; shape++)
        {
            before[classOf[shape]] += counts.Before[shape];
            within[classOf[shape]] += counts.Within[shape];
            all[classOf[shape]] += counts.Before[shape] + counts.Within[shape] + counts.After[shape];
        }

        ByNameColumn.Take(ref columns, reader.ShapeOf.Slice(first, into.Length), classOf, before, within, all, into);
    }
}
