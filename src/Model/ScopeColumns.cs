namespace Clew.Model;

/// <summary>The instrumentation library, under the resource that used it: one row per <c>ScopeSpans</c>.</summary>
public sealed class ScopeColumns(bool isPooled = false)
{
    /// <summary>Rows of <see cref="ResourceColumns"/>.</summary>
    public Column<int> Resources { get; } = new(isPooled);
    public Column<int> Names { get; } = new(isPooled);
    public Column<int> Versions { get; } = new(isPooled);
    public AttributeColumns Attributes { get; } = new(isPooled);
    public Column<uint> DroppedAttributeCounts { get; } = new(isPooled);

    /// <summary>The schema URL of the <c>ScopeSpans</c> envelope.</summary>
    public Column<int> SchemaUrls { get; } = new(isPooled);

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

    internal void Trim()
    {
        Resources.Trim();
        Names.Trim();
        Versions.Trim();
        Attributes.Trim();
        DroppedAttributeCounts.Trim();
        SchemaUrls.Trim();
    }

    internal void Release()
    {
        Resources.Release();
        Names.Release();
        Versions.Release();
        Attributes.Release();
        DroppedAttributeCounts.Release();
        SchemaUrls.Release();
    }
}
