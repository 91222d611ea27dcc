namespace Clew.Model;

/// <summary>Hashes by content what <see cref="BatchEquality"/> compares, within one batch, where equal strings have equal codes.</summary>
/// <remarks>All that two owners can differ in goes into the hash, however deep: whoever sends spans must not be able to make many different ones look alike, or
/// looking for equal ones would compare each with all others.</remarks>
public static class BatchHash
{
    public static void AddAttributes(ref HashCode hash, SpanBatch batch, AttributeColumns attributes, int owner)
    {
        var rows = attributes[owner];
        hash.Add(rows.Count);
        for (var row = rows.Start; row < rows.End; row++)
        {
            hash.Add(attributes.Keys[row]);
            AddValue(ref hash, batch, attributes.Values[row]);
        }
    }

    /// <summary>The events and links of a span.</summary>
    public static void AddEventsAndLinks(ref HashCode hash, SpanBatch batch, int span)
    {
        var events = batch.Events[span];
        for (var row = events.Start; row < events.End; row++)
        {
            hash.Add(batch.Events.Times[row]);
            hash.Add(batch.Events.Names[row]);
            hash.Add(batch.Events.DroppedAttributeCounts[row]);
            AddAttributes(ref hash, batch, batch.Events.Attributes, row);
        }

        var links = batch.Links[span];
        for (var row = links.Start; row < links.End; row++)
        {
            hash.Add(batch.Links.TraceIds[row]);
            hash.Add(batch.Links.SpanIds[row]);
            hash.Add(batch.Links.TraceStates[row]);
            hash.Add(batch.Links.Flags[row]);
            hash.Add(batch.Links.DroppedAttributeCounts[row]);
            AddAttributes(ref hash, batch, batch.Links.Attributes, row);
        }
    }

    static void AddValue(ref HashCode hash, SpanBatch batch, AnyValue value)
    {
        hash.Add(value.Kind);
        if (!value.IsContainer)
        {
            hash.Add(value.Bits);
            return;
        }

        hash.Add(value.NestedCount);
        for (var row = value.NestedStart; row < value.NestedStart + value.NestedCount; row++)
        {
            hash.Add(batch.Nested.Keys[row]);
            AddValue(ref hash, batch, batch.Nested.Values[row]);
        }
    }
}
