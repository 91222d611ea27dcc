namespace Clew.Model;

/// <summary>What a batch costs in memory.</summary>
public static class BatchMemory
{
    /// <summary>Objects and array headers of a batch, about.</summary>
    const long FixedBytes = 6_000;

    /// <summary>The bytes that a batch holds, used or not.</summary>
    public static long Of(SpanBatch batch) =>
        FixedBytes + batch.Strings.CapacityBytes + Of(batch.Spans) + Of(batch.Resources) + Of(batch.Scopes) + Of(batch.Events) + Of(batch.Links)
        + batch.Nested.Keys.CapacityBytes + Of(batch.Nested.Values);

    static long Of(SpanColumns spans) =>
        spans.TraceIds.CapacityBytes + spans.SpanIds.CapacityBytes + spans.ParentSpanIds.CapacityBytes + spans.Starts.CapacityBytes + spans.Ends.CapacityBytes
        + spans.Scopes.CapacityBytes + spans.Names.CapacityBytes + spans.TraceStates.CapacityBytes + spans.StatusMessages.CapacityBytes
        + spans.Flags.CapacityBytes + spans.DroppedAttributeCounts.CapacityBytes + spans.DroppedEventCounts.CapacityBytes
        + spans.DroppedLinkCounts.CapacityBytes + spans.Kinds.CapacityBytes + spans.Statuses.CapacityBytes + Of(spans.Attributes);

    static long Of(ResourceColumns resources) =>
        Of(resources.Attributes) + resources.DroppedAttributeCounts.CapacityBytes + resources.SchemaUrls.CapacityBytes
        + resources.Entities.Ends.CapacityBytes + resources.Entities.Keys.CapacityBytes;

    static long Of(ScopeColumns scopes) =>
        Of(scopes.Attributes) + scopes.Resources.CapacityBytes + scopes.Names.CapacityBytes + scopes.Versions.CapacityBytes
        + scopes.DroppedAttributeCounts.CapacityBytes + scopes.SchemaUrls.CapacityBytes;

    static long Of(EventColumns events) =>
        events.Ends.CapacityBytes + events.Times.CapacityBytes + events.Names.CapacityBytes + events.DroppedAttributeCounts.CapacityBytes + Of(events.Attributes);

    static long Of(LinkColumns links) =>
        links.Ends.CapacityBytes + links.TraceIds.CapacityBytes + links.SpanIds.CapacityBytes + links.TraceStates.CapacityBytes
        + links.Flags.CapacityBytes + links.DroppedAttributeCounts.CapacityBytes + Of(links.Attributes);

    static long Of(AttributeColumns attributes) => attributes.Ends.CapacityBytes + attributes.Keys.CapacityBytes + Of(attributes.Values);

    static long Of(ValueColumns values) => values.Kinds.CapacityBytes + values.Bits.CapacityBytes;
}
