using System.Runtime.CompilerServices;

namespace Clew.Model;

/// <summary>The links of spans: those of one span are contiguous and in order of arrival. Their identities are claims and may be absent.</summary>
public sealed class LinkColumns(bool isPooled = false)
{
    /// <summary>Per span, the link row after its last one.</summary>
    public Column<int> Ends { get; } = new(isPooled);
    public Column<TraceId> TraceIds { get; } = new(isPooled);
    public Column<SpanId> SpanIds { get; } = new(isPooled);
    public Column<int> TraceStates { get; } = new(isPooled);
    public Column<uint> Flags { get; } = new(isPooled);
    public Column<uint> DroppedAttributeCounts { get; } = new(isPooled);
    public AttributeColumns Attributes { get; } = new(isPooled);

    public int Count => TraceIds.Count;

    public RowRange this[int span]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(span == 0 ? 0 : Ends[span - 1], Ends[span]);
    }

    /// <summary>Closes a link: the attributes added since the last one are its own.</summary>
    public void Add(TraceId traceId, SpanId spanId, int traceState, uint flags, uint droppedAttributeCount)
    {
        TraceIds.Add(traceId);
        SpanIds.Add(spanId);
        TraceStates.Add(traceState);
        Flags.Add(flags);
        DroppedAttributeCounts.Add(droppedAttributeCount);
        Attributes.EndOwner();
    }

    /// <summary>Closes as many spans, all but the first without links.</summary>
    public void EndSpans(int count) => ColumnEnds.Add(Ends, Count, count);

    internal void TruncateSpans(int spanCount)
    {
        Ends.Truncate(spanCount);
        var rows = spanCount == 0 ? 0 : Ends[spanCount - 1];
        TraceIds.Truncate(rows);
        SpanIds.Truncate(rows);
        TraceStates.Truncate(rows);
        Flags.Truncate(rows);
        DroppedAttributeCounts.Truncate(rows);
        Attributes.TruncateOwners(rows);
    }

    internal void Trim()
    {
        Ends.Trim();
        TraceIds.Trim();
        SpanIds.Trim();
        TraceStates.Trim();
        Flags.Trim();
        DroppedAttributeCounts.Trim();
        Attributes.Trim();
    }

    internal void Release()
    {
        Ends.Release();
        TraceIds.Release();
        SpanIds.Release();
        TraceStates.Release();
        Flags.Release();
        DroppedAttributeCounts.Release();
        Attributes.Release();
    }
}
