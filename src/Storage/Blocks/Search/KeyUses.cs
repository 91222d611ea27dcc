namespace Clew.Storage.Blocks.Search;

/// <summary>Which shapes have an attribute under a key, on the span, an event or a link.</summary>
internal sealed class KeyUses
{
    readonly Dictionary<int, int[]> _shapesOf;

    public KeyUses(SpanShape[] shapes)
    {
        var uses = new HashSet<(int Key, int Shape)>();
        for (var shape = 0; shape < shapes.Length; shape++)
        {
            Add(shapes[shape].Attributes, shape, uses);
            foreach (var keys in shapes[shape].EventAttributes)
                Add(keys, shape, uses);
            foreach (var keys in shapes[shape].LinkAttributes)
                Add(keys, shape, uses);
        }

        _shapesOf = uses.GroupBy(use => use.Key).ToDictionary(byKey => byKey.Key, byKey => byKey.Select(use => use.Shape).Order().ToArray());
        MemoryBytes = uses.Count * 4L + _shapesOf.Count * 64L;
    }

    /// <summary>What it costs to keep in memory, about.</summary>
    public long MemoryBytes { get; }

    /// <summary>The shapes, ascending.</summary>
    public ReadOnlySpan<int> this[int key] => _shapesOf.TryGetValue(key, out var shapes) ? shapes : [];

    static void Add(ColumnKey[] keys, int shape, HashSet<(int Key, int Shape)> uses)
    {
        foreach (var key in keys)
            uses.Add((key.Code, shape));
    }
}
