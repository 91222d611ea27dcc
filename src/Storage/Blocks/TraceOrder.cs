using System.Runtime.InteropServices;
using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Trace ids, span ids, parents and starts of rows that are sorted by trace, then start: what the order makes small.</summary>
/// <remarks>
/// <para>A trace id is stored once per run of rows. A trace's first start in the row group is stored as it is (<see cref="ColumnId.TraceStarts"/>), every other one as the
/// distance from the row before.</para>
/// <para>A parent is 0 when absent, 1 when its id follows in <see cref="ColumnId.ParentSpanIds"/> because it is not in this trace's rows, else the zigzag distance in rows
/// to it plus 1.</para>
/// </remarks>
internal static class TraceOrder
{
    const ulong Absent = 0, ById = 1;

    /// <summary>Puts the columns that depend on the order of the rows.</summary>
    /// <returns>The number of runs.</returns>
    public static int Put(ColumnSink sink, SpanColumns spans)
    {
        var runs = PutRuns(sink, spans.TraceIds.Values);
        sink.PutBytes(ColumnId.SpanIds, MemoryMarshal.AsBytes(spans.SpanIds.Values));
        PutParents(sink, spans);
        PutStarts(sink, spans);
        return runs;
    }

    public static void TakeTracesAndStarts(ColumnSource source, SpanColumns spans, int count, int runCount)
    {
        TakeRuns(source, spans, count, runCount);
        TakeStarts(source, spans, count, runCount);
    }

    public static void TakeIds(ColumnSource source, SpanColumns spans, int count)
    {
        source.TakeBytes(ColumnId.SpanIds, MemoryMarshal.AsBytes(spans.SpanIds.Append(count)));
        TakeParents(source, spans, count);
    }

    static int PutRuns(ColumnSink sink, ReadOnlySpan<TraceId> ids)
    {
        var lengths = sink.Scratch(ids.Length);
        var distinct = new List<TraceId>();
        for (var row = 0; row < ids.Length;)
        {
            var end = EndOfRun(ids, row);
            lengths[distinct.Count] = (ulong)(end - row);
            distinct.Add(ids[row]);
            row = end;
        }

        sink.Put(ColumnId.TraceRunLengths, lengths[..distinct.Count]);
        sink.PutBytes(ColumnId.TraceIds, MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(distinct)));
        return distinct.Count;
    }

    static void TakeRuns(ColumnSource source, SpanColumns spans, int count, int runCount)
    {
        var distinct = new TraceId[runCount];
        var lengths = source.Scratch(runCount);
        source.Take(ColumnId.TraceRunLengths, lengths);
        source.TakeBytes(ColumnId.TraceIds, MemoryMarshal.AsBytes(distinct.AsSpan()));
        var ids = spans.TraceIds.Append(count);
        var row = 0;
        for (var run = 0; run < runCount; run++)
        {
            if (lengths[run] == 0 || lengths[run] > (ulong)(count - row))
                source.Fail(ColumnId.TraceRunLengths, $"runs of {count} rows together", $"one of {lengths[run]} at row {row}");
            ids.Slice(row, (int)lengths[run]).Fill(distinct[run]);
            row += (int)lengths[run];
        }

        if (row != count)
            source.Fail(ColumnId.TraceRunLengths, $"runs of {count} rows together", $"{row}");
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

    static void TakeParents(ColumnSource source, SpanColumns spans, int count)
    {
        var distances = source.Scratch(count);
        source.Take(ColumnId.ParentDistances, distances);
        var strangers = new SpanId[distances.Count(ById)];
        source.TakeBytes(ColumnId.ParentSpanIds, MemoryMarshal.AsBytes(strangers.AsSpan()));
        var ids = spans.SpanIds.Values;
        var parents = spans.ParentSpanIds.Append(count);
        var stranger = 0;
        for (var row = 0; row < count; row++)
        {
            if (distances[row] > ById)
            {
                var at = unchecked(row + ZigZag.Decode(distances[row] - 1));
                if ((ulong)at >= (ulong)count)
                    source.Fail(ColumnId.ParentDistances, $"a parent among {count} rows", $"row {at}");
                parents[row] = ids[(int)at];
            }
            else
            {
                parents[row] = distances[row] == Absent ? default : strangers[stranger++];
            }
        }
    }

    static void PutStarts(ColumnSink sink, SpanColumns spans)
    {
        var traces = spans.TraceIds.Values;
        var starts = MemoryMarshal.Cast<UnixNanos, ulong>(spans.Starts.Values);
        var distances = sink.Scratch(starts.Length);
        var firsts = new List<ulong>();
        var others = 0;
        for (var row = 0; row < starts.Length; row++)
        {
            if (row == 0 || traces[row] != traces[row - 1])
                firsts.Add(starts[row]);
            else
                distances[others++] = unchecked(starts[row] - starts[row - 1]);
        }

        sink.Put(ColumnId.TraceStarts, CollectionsMarshal.AsSpan(firsts));
        if (others > 0)
            sink.Put(ColumnId.Starts, distances[..others]);
    }

    static void TakeStarts(ColumnSource source, SpanColumns spans, int count, int runCount)
    {
        var firsts = new ulong[runCount];
        source.Take(ColumnId.TraceStarts, firsts);
        var distances = source.Scratch(count - runCount);
        if (distances.Length > 0)
            source.Take(ColumnId.Starts, distances);
        var traces = spans.TraceIds.Values;
        var starts = spans.Starts.Append(count);
        int first = 0, other = 0;
        for (var row = 0; row < count; row++)
        {
            if (row == 0 || traces[row] != traces[row - 1])
            {
                // Two runs of one trace side by side are no writer's work.
                if (first == runCount)
                    source.Fail(ColumnId.TraceStarts, $"{runCount} traces", "more");
                starts[row] = new UnixNanos(firsts[first++]);
            }
            else
            {
                if (other == distances.Length)
                    source.Fail(ColumnId.Starts, $"{runCount} traces", "fewer");
                starts[row] = new UnixNanos(unchecked(starts[row - 1].Value + distances[other++]));
            }
        }
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
