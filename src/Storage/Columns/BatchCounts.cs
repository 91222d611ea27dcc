using Clew.Model;

namespace Clew.Storage.Columns;

/// <summary>The row counts of a stored batch, from which every column's length follows.</summary>
internal readonly record struct BatchCounts
{
    public int Strings { get; init; }
    public int StringBytes { get; init; }
    public int Nested { get; init; }
    public int Resources { get; init; }
    public int ResourceAttributes { get; init; }
    public int Entities { get; init; }
    public int EntityKeys { get; init; }
    public int Scopes { get; init; }
    public int ScopeAttributes { get; init; }
    public int Spans { get; init; }
    public int SpanAttributes { get; init; }
    public int Events { get; init; }
    public int EventAttributes { get; init; }
    public int Links { get; init; }
    public int LinkAttributes { get; init; }

    public static BatchCounts Of(SpanBatch batch) => new()
    {
        Strings = batch.Strings.Count,
        StringBytes = batch.Strings.Bytes.Length,
        Nested = batch.Nested.Count,
        Resources = batch.Resources.Count,
        ResourceAttributes = batch.Resources.Attributes.Count,
        Entities = batch.Resources.Entities.Count,
        EntityKeys = batch.Resources.Entities.Keys.Count,
        Scopes = batch.Scopes.Count,
        ScopeAttributes = batch.Scopes.Attributes.Count,
        Spans = batch.SpanCount,
        SpanAttributes = batch.Spans.Attributes.Count,
        Events = batch.Events.Count,
        EventAttributes = batch.Events.Attributes.Count,
        Links = batch.Links.Count,
        LinkAttributes = batch.Links.Attributes.Count,
    };

    public void Write(ByteWriter to)
    {
        foreach (var count in (ReadOnlySpan<int>)[Strings, StringBytes, Nested, Resources, ResourceAttributes, Entities, EntityKeys, Scopes, ScopeAttributes,
            Spans, SpanAttributes, Events, EventAttributes, Links, LinkAttributes])
            to.WriteVarint((ulong)count);
    }

    /// <param name="limit">More rows than this cannot be: nothing is allocated for a count beyond it.</param>
    public static BatchCounts Read(ref ByteReader from, int limit) => new()
    {
        Strings = from.TakeCount(limit),
        StringBytes = from.TakeCount(limit),
        Nested = from.TakeCount(limit),
        Resources = from.TakeCount(limit),
        ResourceAttributes = from.TakeCount(limit),
        Entities = from.TakeCount(limit),
        EntityKeys = from.TakeCount(limit),
        Scopes = from.TakeCount(limit),
        ScopeAttributes = from.TakeCount(limit),
        Spans = from.TakeCount(limit),
        SpanAttributes = from.TakeCount(limit),
        Events = from.TakeCount(limit),
        EventAttributes = from.TakeCount(limit),
        Links = from.TakeCount(limit),
        LinkAttributes = from.TakeCount(limit),
    };
}
