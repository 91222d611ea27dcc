namespace Clew.Model;

/// <summary>Who emitted: one row per <c>ResourceSpans.resource</c>, with the schema URL of its envelope.</summary>
public sealed class ResourceColumns(bool isPooled = false)
{
    public AttributeColumns Attributes { get; } = new(isPooled);
    public Column<uint> DroppedAttributeCounts { get; } = new(isPooled);
    public Column<int> SchemaUrls { get; } = new(isPooled);
    public EntityColumns Entities { get; } = new(isPooled);

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

    internal void Trim()
    {
        Attributes.Trim();
        DroppedAttributeCounts.Trim();
        SchemaUrls.Trim();
        Entities.Trim();
    }

    internal void Release()
    {
        Attributes.Release();
        DroppedAttributeCounts.Release();
        SchemaUrls.Release();
        Entities.Release();
    }
}
