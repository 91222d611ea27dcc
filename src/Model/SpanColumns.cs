namespace Clew.Model;

/// <summary>The spans of a batch, one column per field.</summary>
public sealed class SpanColumns(bool isPooled = false)
{
    public Column<TraceId> TraceIds { get; } = new(isPooled);
    public Column<SpanId> SpanIds { get; } = new(isPooled);

    /// <summary>Absent for a root.</summary>
    public Column<SpanId> ParentSpanIds { get; } = new(isPooled);
    public Column<UnixNanos> Starts { get; } = new(isPooled);

    /// <summary>As claimed: may lie before the start.</summary>
    public Column<UnixNanos> Ends { get; } = new(isPooled);

    /// <summary>Rows of <see cref="ScopeColumns"/>.</summary>
    public Column<int> Scopes { get; } = new(isPooled);
    public Column<int> Names { get; } = new(isPooled);
    public Column<int> TraceStates { get; } = new(isPooled);
    public Column<int> StatusMessages { get; } = new(isPooled);

    /// <summary>OTLP <c>Span.flags</c>: bits 0 to 7 are the W3C trace flags, 0x100 and 0x200 tell whether the parent is remote.</summary>
    public Column<uint> Flags { get; } = new(isPooled);
    public Column<uint> DroppedAttributeCounts { get; } = new(isPooled);
    public Column<uint> DroppedEventCounts { get; } = new(isPooled);
    public Column<uint> DroppedLinkCounts { get; } = new(isPooled);
    public Column<SpanKind> Kinds { get; } = new(isPooled);
    public Column<StatusCode> Statuses { get; } = new(isPooled);
    public AttributeColumns Attributes { get; } = new(isPooled);

    public int Count => TraceIds.Count;

    public SpanRow this[int row] => new()
    {
        TraceId = TraceIds[row],
        SpanId = SpanIds[row],
        ParentSpanId = ParentSpanIds[row],
        Start = Starts[row],
        End = Ends[row],
        Scope = Scopes[row],
        Name = Names[row],
        TraceState = TraceStates[row],
        StatusMessage = StatusMessages[row],
        Flags = Flags[row],
        DroppedAttributeCount = DroppedAttributeCounts[row],
        DroppedEventCount = DroppedEventCounts[row],
        DroppedLinkCount = DroppedLinkCounts[row],
        Kind = Kinds[row],
        Status = Statuses[row],
    };

    /// <summary>The span's length in nanoseconds; 0 when it claims to end before it starts.</summary>
    public ulong DurationNanos(int row) => Starts[row].NanosUntil(Ends[row]);

    internal void Add(in SpanRow span)
    {
        TraceIds.Add(span.TraceId);
        SpanIds.Add(span.SpanId);
        ParentSpanIds.Add(span.ParentSpanId);
        Starts.Add(span.Start);
        Ends.Add(span.End);
        Scopes.Add(span.Scope);
        Names.Add(span.Name);
        TraceStates.Add(span.TraceState);
        StatusMessages.Add(span.StatusMessage);
        Flags.Add(span.Flags);
        DroppedAttributeCounts.Add(span.DroppedAttributeCount);
        DroppedEventCounts.Add(span.DroppedEventCount);
        DroppedLinkCounts.Add(span.DroppedLinkCount);
        Kinds.Add(span.Kind);
        Statuses.Add(span.Status);
        Attributes.EndOwner();
    }

    // The others are mostly all default, and take no memory then.
    internal void Reserve(int count)
    {
        TraceIds.Reserve(count);
        SpanIds.Reserve(count);
        ParentSpanIds.Reserve(count);
        Starts.Reserve(count);
        Ends.Reserve(count);
        Scopes.Reserve(count);
        Names.Reserve(count);
        Kinds.Reserve(count);
        Statuses.Reserve(count);
        Attributes.Ends.Reserve(count);
    }

    internal void Truncate(int count)
    {
        TraceIds.Truncate(count);
        SpanIds.Truncate(count);
        ParentSpanIds.Truncate(count);
        Starts.Truncate(count);
        Ends.Truncate(count);
        Scopes.Truncate(count);
        Names.Truncate(count);
        TraceStates.Truncate(count);
        StatusMessages.Truncate(count);
        Flags.Truncate(count);
        DroppedAttributeCounts.Truncate(count);
        DroppedEventCounts.Truncate(count);
        DroppedLinkCounts.Truncate(count);
        Kinds.Truncate(count);
        Statuses.Truncate(count);
        Attributes.TruncateOwners(count);
    }

    internal void Trim()
    {
        TraceIds.Trim();
        SpanIds.Trim();
        ParentSpanIds.Trim();
        Starts.Trim();
        Ends.Trim();
        Scopes.Trim();
        Names.Trim();
        TraceStates.Trim();
        StatusMessages.Trim();
        Flags.Trim();
        DroppedAttributeCounts.Trim();
        DroppedEventCounts.Trim();
        DroppedLinkCounts.Trim();
        Kinds.Trim();
        Statuses.Trim();
        Attributes.Trim();
    }

    internal void Release()
    {
        TraceIds.Release();
        SpanIds.Release();
        ParentSpanIds.Release();
        Starts.Release();
        Ends.Release();
        Scopes.Release();
        Names.Release();
        TraceStates.Release();
        StatusMessages.Release();
        Flags.Release();
        DroppedAttributeCounts.Release();
        DroppedEventCounts.Release();
        DroppedLinkCounts.Release();
        Kinds.Release();
        Statuses.Release();
        Attributes.Release();
    }
}
