namespace Clew.Model;

/// <summary>Who emitted: one row per <c>ResourceSpans.resource</c>, with the schema URL of its envelope.</summary>
public sealed class ResourceColumns
{
    public AttributeColumns Attributes { get; } = new();
    public Column<uint> DroppedAttributeCounts { get; } = new();
    public Column<int> SchemaUrls { get; } = new();
    public EntityColumns Entities { get; } = new();

    public int Count => SchemaUrls.Count;

    /// <summary>Closes a row: the attributes and entities added since the last one are its own.</summary>
    public int End(uint droppedAttributeCount, int schemaUrl)
    {
        Attributes.EndOwner();
        Entities.Ends.Add(Entities.Count);
        DroppedAttributeCounts.Add(droppedAttributeCount);
        SchemaUrls.Add(schemaUrl);
        return Count - 1;
    }

    public void Truncate(int count)
    {
        Attributes.TruncateOwners(count);
        Entities.TruncateOwners(count);
        DroppedAttributeCounts.Truncate(count);
        SchemaUrls.Truncate(count);
    }
}
