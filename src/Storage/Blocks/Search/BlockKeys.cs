using Clew.Model;

namespace Clew.Storage.Blocks.Search;

/// <summary>The keys of attributes in a block, from its lists: what spans that start within a range have, and a few others perhaps.</summary>
internal sealed class BlockKeys(Block block, TimeRange starts, ReadMeter meter, DamageLog damage)
{
    readonly SearchTables _tables = block.SearchTables;
    readonly HashSet<(AttributeOwners Owner, int Code)> _codes = [];

    /// <param name="countMax">With so many, or a few more, it stops.</param>
    public IEnumerable<AttributeKey> Find(int countMax, CancellationToken cancellation)
    {
        var dictionary = _tables.Dictionary;
        for (var shape = 0; shape < _tables.Shapes.Length && _codes.Count < countMax; shape++)
        {
            if (Occurs(_tables.Uses.Shapes[shape]))
                Add(_tables.Shapes[shape]);
        }

        for (var scope = 0; scope < dictionary.Scopes.Count && _codes.Count < countMax; scope++)
        {
            if (Occurs(_tables.Uses.Scopes[scope]))
                AddScope(dictionary, scope);
        }

        AddOwnShapes(countMax, cancellation);
        return _codes.Select(key => new AttributeKey(key.Owner, dictionary.Strings.GetString(key.Code)));
    }

    bool Occurs(Occurrences.Places places)
    {
        var groups = _tables.Index.Groups;
        foreach (var place in places)
        {
            var first = place.Stretch * Occurrences.StretchGroups;
            for (var group = first; group < Math.Min(first + Occurrences.StretchGroups, groups.Length); group++)
            {
                if (starts.Overlaps(groups[group].StartMin, place.Newest))
                    return true;
            }
        }

        return false;
    }

    void Add(SpanShape shape)
    {
        Add(AttributeOwners.Span, shape.Attributes);
        foreach (var keys in shape.EventAttributes)
            Add(AttributeOwners.Event, keys);
        foreach (var keys in shape.LinkAttributes)
            Add(AttributeOwners.Link, keys);
    }

    void Add(AttributeOwners owner, ColumnKey[] keys)
    {
        foreach (var key in keys)
            _codes.Add((owner, key.Code));
    }

    void AddScope(SpanBatch dictionary, int scope)
    {
        Add(AttributeOwners.Scope, dictionary.Scopes.Attributes, scope);
        Add(AttributeOwners.Resource, dictionary.Resources.Attributes, dictionary.Scopes.Resources[scope]);
    }

    void Add(AttributeOwners owner, AttributeColumns columns, int row)
    {
        var keys = columns[row];
        foreach (var key in columns.Keys.Values[keys.Start..keys.End])
            _codes.Add((owner, key));
    }

    void AddOwnShapes(int countMax, CancellationToken cancellation)
    {
        using var reader = block.NewReader();
        foreach (var number in _tables.Uses.WithOwnShapes)
        {
            cancellation.ThrowIfCancellationRequested();
            if (meter.IsSpent || _codes.Count >= countMax)
                return;
            var group = _tables.Index.Groups[number];
            if (!starts.Overlaps(group.StartMin, group.StartMax))
                continue;
            var before = reader.BytesRead;
            damage.TryRead(group, () =>
            {
                reader.Open(group, whole: false);
                Array.ForEach(reader.Shapes, Add);
            });
            meter.CountBytes(reader.BytesRead - before);
            meter.CountGroup(group.Rows, foundRows: 0);
        }
    }
}
