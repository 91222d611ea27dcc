namespace Clew.Model;

/// <summary>The entity references of resources (<c>Resource.entity_refs</c>): rare, and kept so that nothing of OTLP is lost.</summary>
public sealed class EntityColumns(bool isPooled = false)
{
    /// <summary>Per resource, the entity row after its last one.</summary>
    public Column<int> Ends { get; } = new(isPooled);
    public Column<int> SchemaUrls { get; } = new(isPooled);
    public Column<int> Types { get; } = new(isPooled);

    /// <summary>Per entity, the end of its identifying keys in <see cref="Keys"/>; they start where the entity before it ends.</summary>
    public Column<int> IdKeyEnds { get; } = new(isPooled);

    /// <summary>Per entity, the end of its descriptive keys in <see cref="Keys"/>; they start where its identifying keys end.</summary>
    public Column<int> DescriptionKeyEnds { get; } = new(isPooled);

    /// <summary>Codes of attribute keys.</summary>
    public Column<int> Keys { get; } = new(isPooled);

    public int Count => Types.Count;

    public RowRange this[int resource] => new(resource == 0 ? 0 : Ends[resource - 1], Ends[resource]);

    public RowRange IdKeys(int entity) => new(entity == 0 ? 0 : DescriptionKeyEnds[entity - 1], IdKeyEnds[entity]);

    public RowRange DescriptionKeys(int entity) => new(IdKeyEnds[entity], DescriptionKeyEnds[entity]);

    public void Add(int schemaUrl, int type, ReadOnlySpan<int> idKeys, ReadOnlySpan<int> descriptionKeys)
    {
        SchemaUrls.Add(schemaUrl);
        Types.Add(type);
        Keys.AddRange(idKeys);
        IdKeyEnds.Add(Keys.Count);
        Keys.AddRange(descriptionKeys);
        DescriptionKeyEnds.Add(Keys.Count);
    }

    public void TruncateOwners(int resourceCount)
    {
        Ends.Truncate(resourceCount);
        var rows = resourceCount == 0 ? 0 : Ends[resourceCount - 1];
        SchemaUrls.Truncate(rows);
        Types.Truncate(rows);
        IdKeyEnds.Truncate(rows);
        DescriptionKeyEnds.Truncate(rows);
        Keys.Truncate(rows == 0 ? 0 : DescriptionKeyEnds[rows - 1]);
    }

    internal void Trim()
    {
        Ends.Trim();
        SchemaUrls.Trim();
        Types.Trim();
        IdKeyEnds.Trim();
        DescriptionKeyEnds.Trim();
        Keys.Trim();
    }

    internal void Release()
    {
        Ends.Release();
        SchemaUrls.Release();
        Types.Release();
        IdKeyEnds.Release();
        DescriptionKeyEnds.Release();
        Keys.Release();
    }
}
