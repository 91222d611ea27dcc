namespace Clew.Model;

/// <summary>The instrumentation library, under the resource that used it: one row per <c>ScopeSpans</c>.</summary>
public sealed class ScopeColumns
{
    /// <summary>Rows of <see cref="ResourceColumns"/>.</summary>
    public Column<int> Resources { get; } = new();
    public Column<int> Names { get; } = new();
    public Column<int> Versions { get; } = new();
    public AttributeColumns Attributes { get; } = new();
    public Column<uint> DroppedAttributeCounts { get; } = new();

    /// <summary>The schema URL of the <c>ScopeSpans</c> envelope.</summary>
    public Column<int> SchemaUrls { get; } = new();

    public int Count => Resources.Count;

    /// <summary>Closes a row: the attributes added since the last one are its own.</summary>
    public int End(int resource, int name, int version, uint droppedAttributeCount, int schemaUrl)
    {
        Attributes.EndOwner();
        Resources.Add(resource);
        Names.Add(name);
        Versions.Add(version);
        DroppedAttributeCounts.Add(droppedAttributeCount);
        SchemaUrls.Add(schemaUrl);
        return Count - 1;
    }

    public void Truncate(int count)
    {
        Attributes.TruncateOwners(count);
        Resources.Truncate(count);
        Names.Truncate(count);
        Versions.Truncate(count);
        DroppedAttributeCounts.Truncate(count);
        SchemaUrls.Truncate(count);
    }
}
