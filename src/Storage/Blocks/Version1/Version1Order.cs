using System.Runtime.InteropServices;
using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks.Version1;

/// <summary>Trace ids, starts, span ids and parents of rows that version 1 sorted by trace id, then start.</summary>
/// <remarks>
/// A trace id is stored once per run of rows. A run's first start is stored as it is, every other one as the distance from the row before. A parent is 0 when absent, 1 when
/// its id follows because it is not in this trace's rows, else the zigzag distance in rows to it plus 1.
/// </remarks>
internal static class Version1Order
{
    const ulong Absent = 0, ById = 1;

    public static void Take(Version1Source source, SpanColumns spans)
    {
        var count = source.Counts.Spans;
        TakeRuns(source, spans, count);
        source.TakeBytes(ColumnId.SpanIds, MemoryMarshal.AsBytes(spans.SpanIds.Append(count)));
        TakeParents(source, spans, count);
    }

    static void TakeRuns(Version1Source source, SpanColumns spans, int count)
    {
        var lengths = new ulong[source.RunCount];
        var traces = new TraceId[source.RunCount];
        var firsts = new ulong[source.RunCount];
        var distances = new ulong[count - source.RunCount];
        source.Take(ColumnId.TraceRunLengths, lengths);
        source.TakeBytes(ColumnId.TraceIds, MemoryMarshal.AsBytes(traces.AsSpan()));
        source.Take(ColumnId.TraceStarts, firsts);
        source.Take(ColumnId.Starts, distances);
        var ids = spans.TraceIds.Append(count);
        var starts = spans.Starts.Append(count);
        int row = 0, other = 0;
        for (var run = 0; run < lengths.Length; run++)
        {
            if (lengths[run] == 0 || lengths[run] > (ulong)(count - row))
                source.Fail(ColumnId.TraceRunLengths, $"runs of {count} rows together", $"one of {lengths[run]} at row {row}");
            var (start, end) = (firsts[run], row + (int)lengths[run]);
            for (var first = row; row < end; row++)
            {
                ids[row] = traces[run];
                starts[row] = new UnixNanos(start = row == first ? start : unchecked(start + distances[other++]));
            }
        }

        if (row != count)
            source.Fail(ColumnId.TraceRunLengths, $"runs of {count} rows together", $"{row}");
    }

    static void TakeParents(Version1Source source, SpanColumns spans, int count)
    {
        var distances = new ulong[count];
        source.Take(ColumnId.ParentDistances, distances);
        var strangers = new SpanId[distances.AsSpan().Count(ById)];
        source.TakeBytes(ColumnId.ParentSpanIds, MemoryMarshal.AsBytes(strangers.AsSpan()));
        var ids = spans.SpanIds.Values;
        var parents = spans.ParentSpanIds.Append(count);
        var stranger = 0;
        for (var row = 0; row < count; row++)
        {
            if (distances[row] <= ById)
            {
                parents[row] = distances[row] == Absent ? default : strangers[stranger++];
                continue;
            }

            var at = unchecked(row + ZigZag.Decode(distances[row] - 1));
            if ((ulong)at >= (ulong)count)
                source.Fail(ColumnId.ParentDistances, $"a parent among {count} rows", $"row {at}");
            parents[row] = ids[(int)at];
        }
    }
}
