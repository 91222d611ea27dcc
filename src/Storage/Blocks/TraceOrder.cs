using System.Runtime.InteropServices;
using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Trace ids, span ids, parents and links of rows in <see cref="RowOrder"/>: what the order makes small.</summary>
/// <remarks>
/// <para>A trace id is stored once per run of rows, with the start of the run's first row (<see cref="ColumnId.TraceStarts"/>).</para>
/// <para>A parent is 0 when absent, 1 when its id follows in <see cref="ColumnId.ParentSpanIds"/> because it is not in this trace's rows, else the zigzag distance in rows
/// to it plus 1. A link is 0 when its ids follow in <see cref="ColumnId.LinkTraceIds"/> and <see cref="ColumnId.LinkSpanIds"/>, else the zigzag distance from its span to the
/// span of the same trace that it points to, plus 1.</para>
/// </remarks>
internal static class TraceOrder
{
    public const ulong Absent = 0, ById = 1, LinkById = 0;

    /// <summary>Puts the columns that depend on the order of the rows.</summary>
    /// <returns>The number of runs.</returns>
    public static int Put(ColumnSink sink, SpanColumns spans)
    {
        var runs = PutRuns(sink, spans);
        sink.PutBytes(ColumnId.SpanIds, MemoryMarshal.AsBytes(spans.SpanIds.Values));
        PutParents(sink, spans);
        return runs;
    }

    /// <summary>Fills in what each link is stored as.</summary>
    public static void FindTargets(SpanBatch batch, Span<ulong> targets)
    {
        var ids = MemoryMarshal.Cast<SpanId, ulong>(batch.Spans.SpanIds.Values);
        var links = batch.Links;
        var traces = batch.Spans.TraceIds.Values;
        for (int start = 0, end; start < ids.Length; start = end)
        {
            end = EndOfRun(traces, start);
            for (var row = start; row < end; row++)
            {
                var rows = links[row];
                for (var link = rows.Start; link < rows.End; link++)
                {
                    var found = links.TraceIds[link] == traces[row] ? ids[start..end].IndexOf(MemoryMarshal.Cast<SpanId, ulong>(links.SpanIds.Values)[link]) : -1;
                    targets[link] = found < 0 ? LinkById : ZigZag.Encode(start + found - row) + 1;
                }
            }
        }
    }

    static int PutRuns(ColumnSink sink, SpanColumns spans)
    {
        var ids = spans.TraceIds.Values;
        var lengths = sink.Scratch(ids.Length);
        var (traces, starts) = (new List<TraceId>(), new List<ulong>());
        for (var row = 0; row < ids.Length;)
        {
            var end = EndOfRun(ids, row);
            lengths[traces.Count] = (ulong)(end - row);
            traces.Add(ids[row]);
            starts.Add(spans.Starts[row].Value);
            row = end;
        }

        sink.Put(ColumnId.TraceRunLengths, lengths[..traces.Count]);
        sink.PutBytes(ColumnId.TraceIds, MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(traces)));
        sink.Put(ColumnId.TraceStarts, CollectionsMarshal.AsSpan(starts));
        return traces.Count;
    }

    static void PutParents(ColumnSink sink, SpanColumns spans)
    {
        var ids = MemoryMarshal.Cast<SpanId, ulong>(spans.SpanIds.Values);
        var parents = MemoryMarshal.Cast<SpanId, ulong>(spans.ParentSpanIds.Values);
        var traces = spans.TraceIds.Values;
        var distances = sink.Scratch(ids.Length);
        var strangers = new List<ulong>();
        for (int start = 0, end; start < ids.Length; start = end)
        {
            end = EndOfRun(traces, start);
            for (var row = start; row < end; row++)
            {
                distances[row] = DistanceTo(ids, parents[row], row, start, end);
                if (distances[row] == ById)
                    strangers.Add(parents[row]);
            }
        }

        sink.Put(ColumnId.ParentDistances, distances);
        sink.PutBytes(ColumnId.ParentSpanIds, MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(strangers)));
    }

    // A parent mostly starts before its child, and not long before.
    static ulong DistanceTo(ReadOnlySpan<ulong> ids, ulong parent, int row, int start, int end)
    {
        if (parent == 0)
            return Absent;
        if (ids[start..row].LastIndexOf(parent) is var before && before >= 0)
            return ZigZag.Encode(start + before - row) + 1;
        return ids[row..end].IndexOf(parent) is var after && after > 0 ? ZigZag.Encode(after) + 1 : ById;
    }

    /// <summary>The row after the last one of the trace that <paramref name="row"/> belongs to.</summary>
    public static int EndOfRun(ReadOnlySpan<TraceId> ids, int row)
    {
        var end = row + 1;
        while (end < ids.Length && ids[end] == ids[row])
            end++;
        return end;
    }
}
