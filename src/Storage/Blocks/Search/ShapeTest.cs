using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks.Search;

/// <summary>A condition on what is in a shape: decided once per shape of the block.</summary>
internal sealed class ShapeTest : RowTest
{
    readonly Predicate<SpanShape> _holds;
    readonly bool[] _shared;

    ShapeTest(Predicate<SpanShape> holds, bool[] shared)
    {
        _holds = holds;
        _shared = shared;
    }

    public override int Cost => 0;

    public static ShapeTest Of(BlockTables tables, Predicate<SpanShape> holds) => new(holds, Array.ConvertAll(tables.Shapes, shape => holds(shape)));

    public override bool? Decide(RowGroupReader reader, RowGroupInfo group)
    {
        if (reader.Directory.OwnShapes > 0)
            return null;
        int passing = 0;
        foreach (var shape in reader.Directory.Shapes)
            passing += Passes(shape.Number) ? 1 : 0;
        return passing == 0 ? false : passing == reader.Directory.Shapes.Count ? true : null;
    }

    public override UnixNanos NewestOf(RowGroupReader reader, RowGroupInfo group)
    {
        if (reader.Directory.OwnShapes > 0)
            return group.StartMax;
        var newest = UnixNanos.MinValue;
        foreach (var shape in reader.Directory.Shapes)
            newest = shape.StartMax > newest && Passes(shape.Number) ? shape.StartMax : newest;
        return newest;
    }

    public override void Keep(RowGroupReader reader, RowGroupInfo group, Span<ulong> rows)
    {
        var passes = Array.ConvertAll(reader.Shapes, shape => _holds(shape));
        if (reader.TryOpen(ColumnId.Shapes, group.Rows, out var column))
            column.KeepWhere(new MemberTest(passes), rows);
        else if (passes.Length == 0 || !passes[0])
            rows.Clear();
    }

    bool Passes(int shape) => shape < _shared.Length && _shared[shape];
}
