using System.Runtime.CompilerServices;

namespace Clew.Model;

/// <summary>The events of spans: those of one span are contiguous and in order of arrival.</summary>
public sealed class EventColumns(bool isPooled = false)
{
    /// <summary>Per span, the event row after its last one.</summary>
    public Column<int> Ends { get; } = new(isPooled);
    public Column<UnixNanos> Times { get; } = new(isPooled);
    public Column<int> Names { get; } = new(isPooled);
    public Column<uint> DroppedAttributeCounts { get; } = new(isPooled);
    public AttributeColumns Attributes { get; } = new(isPooled);

    public int Count => Times.Count;

    public RowRange this[int span]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(span == 0 ? 0 : Ends[span - 1], Ends[span]);
    }

    /// <summary>Closes an event: the attributes added since the last one are its own.</summary>
    public void Add(UnixNanos time, int name, uint droppedAttributeCount)
    {
        Times.Add(time);
        Names.Add(name);
        DroppedAttributeCounts.Add(droppedAttributeCount);
        Attributes.EndOwner();
    }

    /// <summary>Closes as many spans, all but the first without events.</summary>
    public void EndSpans(int count) => ColumnEnds.Add(Ends, Count, count);

    internal void TruncateSpans(int spanCount)
    {
        Ends.Truncate(spanCount);
        var rows = spanCount == 0 ? 0 : Ends[spanCount - 1];
        Times.Truncate(rows);
        Names.Truncate(rows);
        DroppedAttributeCounts.Truncate(rows);
        Attributes.TruncateOwners(rows);
    }

    internal void Trim()
    {
        Ends.Trim();
        Times.Trim();
        Names.Trim();
        DroppedAttributeCounts.Trim();
        Attributes.Trim();
    }

    internal void Release()
    {
        Ends.Release();
        Times.Release();
        Names.Release();
        DroppedAttributeCounts.Release();
        Attributes.Release();
    }
}
