using Clew.Model;

namespace Clew.Storage.Blocks.Search;

/// <summary>A condition on what is in a shape: decided once per shape of the block.</summary>
internal sealed class ShapeTest(SearchTables tables, Predicate<SpanShape> holds) : RowTest
{
    readonly bool[] _shared = Array.ConvertAll(tables.Shapes, shape => holds(shape));

    public override int Cost => 0;

    public override void Limit(GroupBounds bounds, bool isMet)
    {
        var marked = GroupBounds.None(tables);
        Mark(marked, isMet);
        foreach (var group in tables.Uses.WithOwnShapes)
            marked.Raise(group, UnixNanos.MaxValue);
        bounds.Meet(marked);
    }

    /// <summary>Raises the bounds of row groups with rows of shared shapes that meet the condition; says nothing of those with shapes of their own.</summary>
    public void Mark(GroupBounds marked, bool isMet) => marked.RaiseWhere(tables.Uses.Shapes, _shared, isMet);

    public override bool? Decide(RowGroupReader reader, RowGroupInfo group)
    {
        if (reader.Directory.OwnShapes > 0)
            return null;
        int passing = 0;
        foreach (var shape in reader.Directory.Shapes)
            passing += shape.Number < _shared.Length && _shared[shape.Number] ? 1 : 0;
        return passing == 0 ? false : passing == reader.Directory.Shapes.Count ? true : null;
    }

    public override UnixNanos NewestIn(RowGroupDirectory directory) =>
        directory.OwnShapes > 0 ? UnixNanos.MaxValue : RowGroupDirectory.Used.Newest(directory.Shapes, _shared);

    public override void Keep(RowGroupReader reader, RowGroupInfo group, Span<ulong> rows)
    {
        // Decoded once for all conditions, and for the starts.
        var shapeOf = reader.ShapeOf;
        var passes = Array.ConvertAll(reader.Shapes, shape => holds(shape) ? 1UL : 0);
        for (var word = 0; word < rows.Length; word++)
        {
            if (rows[word] == 0)
                continue;
            var part = shapeOf.Slice(word << 6, Math.Min(64, shapeOf.Length - (word << 6)));
            ulong kept = 0;
            for (var at = 0; at < part.Length; at++)
                kept |= passes[part[at]] << at;
            rows[word] &= kept;
        }
    }
}
