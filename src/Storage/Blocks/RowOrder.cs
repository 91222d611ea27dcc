using System.Runtime.InteropServices;
using Clew.Model;

namespace Clew.Storage.Blocks;

/// <summary>The order of rows in a block: runs of a trace by their first start, equal ones by trace id; the rows of a run by start, equal ones by arrival.</summary>
/// <remarks>
/// A row group thus covers a short time, so that a search for the newest reads few of them. Sealing puts a trace in one run; merging does so with parts that lie near
/// each other. See docs/adr/0004 and 0006.
/// </remarks>
internal static class RowOrder
{
    /// <summary>Which of two traces comes first.</summary>
    public static int CompareTraces(UnixNanos leftStart, TraceId left, UnixNanos rightStart, TraceId right) =>
        leftStart.CompareTo(rightStart) is var byStart and not 0 ? byStart : left.CompareTo(right);

    public static int[] Of(SpanColumns spans)
    {
        var traceOf = new int[spans.Count];
        var traces = CollectTraces(spans, traceOf);
        var order = Deal(traceOf, traces);
        var starts = MemoryMarshal.Cast<UnixNanos, ulong>(spans.Starts.Values);
        foreach (var trace in traces)
            SortByStart(order.AsSpan(trace.End - trace.RowCount, trace.RowCount), starts);
        return order;
    }

    // Spans of a trace mostly arrive together: the table is asked when the id changes.
    static List<Trace> CollectTraces(SpanColumns spans, int[] traceOf)
    {
        var ids = spans.TraceIds.Values;
        var starts = spans.Starts.Values;
        var traces = new List<Trace>();
        var known = new Dictionary<TraceId, int>();
        Trace? current = null;
        var number = 0;
        for (var row = 0; row < ids.Length; row++)
        {
            if (current is null || ids[row] != current.Id)
            {
                ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(known, ids[row], out var isKnown);
                if (!isKnown)
                {
                    place = traces.Count;
                    traces.Add(new Trace(ids[row], starts[row]));
                }

                number = place;
                current = traces[number];
            }

            traceOf[row] = number;
            current.RowCount++;
            current.Start = starts[row] < current.Start ? starts[row] : current.Start;
        }

        return traces;
    }

    // Each trace's rows to its place, in the order of arrival.
    static int[] Deal(int[] traceOf, List<Trace> traces)
    {
        Trace[] sorted = [.. traces];
        Array.Sort(sorted, (left, right) => CompareTraces(left.Start, left.Id, right.Start, right.Id));
        var end = 0;
        foreach (var trace in sorted)
        {
            trace.End = end;
            end += trace.RowCount;
        }

        var order = new int[traceOf.Length];
        for (var row = 0; row < order.Length; row++)
            order[traces[traceOf[row]].End++] = row;
        return order;
    }

    // Senders mostly have them in order already, or nearly; and where not, rows of equal start have to stay as they came.
    static void SortByStart(Span<int> rows, ReadOnlySpan<ulong> starts)
    {
        const int InsertionMax = 64;
        if (rows.Length > InsertionMax)
        {
            var keys = new (ulong Start, int Row)[rows.Length];
            for (var at = 0; at < keys.Length; at++)
                keys[at] = (starts[rows[at]], rows[at]);
            keys.AsSpan().Sort();
            for (var at = 0; at < keys.Length; at++)
                rows[at] = keys[at].Row;
            return;
        }

        for (var at = 1; at < rows.Length; at++)
        {
            var row = rows[at];
            var to = at;
            for (; to > 0 && starts[rows[to - 1]] > starts[row]; to--)
                rows[to] = rows[to - 1];
            rows[to] = row;
        }
    }

    sealed class Trace(TraceId id, UnixNanos start)
    {
        public TraceId Id => id;

        public UnixNanos Start { get; set; } = start;

        public int RowCount { get; set; }

        /// <summary>The place after the last of its rows that was dealt.</summary>
        public int End { get; set; }
    }
}
