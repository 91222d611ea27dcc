using Clew.Model;

namespace Clew.Storage.Blocks;

/// <summary>A <see cref="SpanProjection"/> bound to the strings of a block: what is decoded of its row groups. Any number of threads use it.</summary>
internal sealed class BlockProjection
{
    readonly HashSet<int>? _keys;
    readonly SpanFields _fields;

    public BlockProjection(SpanProjection projection, StringTable strings)
    {
        _fields = WithBases(projection.Fields);
        _keys = projection.HasAllAttributes ? null : [];
        foreach (var key in projection.AttributeKeys)
        {
            if (strings.TryFind(key, out var code))
                _keys?.Add(code);
        }
    }

    /// <summary>Everything.</summary>
    public static BlockProjection Whole { get; } = new(SpanProjection.All, new StringTable());

    /// <summary>Some attributes of spans.</summary>
    public bool HasAttributes => _keys is null or { Count: > 0 };

    /// <summary>Strings that only one row group has may be needed. Names and keys are none.</summary>
    public bool HasOwnStrings => HasAttributes || (_fields & (SpanFields.StatusMessages | SpanFields.TraceStates | SpanFields.Events | SpanFields.Links)) != SpanFields.None;

    public bool Has(SpanFields field) => (_fields & field) != SpanFields.None;

    /// <summary>The attributes of spans under a key.</summary>
    public bool HasKey(int key) => _keys is null || _keys.Contains(key);

    /// <summary>An attribute column.</summary>
    public bool Has(ColumnKey column) => column.Owner switch
    {
        ValueOwner.Span => HasKey(column.Code),
        ValueOwner.Event => Has(SpanFields.Events),
        _ => Has(SpanFields.Links),
    };

    // What is stored as a distance takes what it is the distance from.
    static SpanFields WithBases(SpanFields fields)
    {
        if (fields.HasFlag(SpanFields.Events))
            fields |= SpanFields.Ends;
        if (fields.HasFlag(SpanFields.Ends))
            fields |= SpanFields.Starts;
        if (fields.HasFlag(SpanFields.Links))
            fields |= SpanFields.TraceIds | SpanFields.SpanIds;
        return fields.HasFlag(SpanFields.ParentSpanIds) ? fields | SpanFields.SpanIds : fields;
    }
}
