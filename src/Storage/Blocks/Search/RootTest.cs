using Clew.Storage.Columns;

namespace Clew.Storage.Blocks.Search;

/// <summary>The span has no parent.</summary>
internal sealed class RootTest : RowTest
{
    public override int Cost => 2;

    public override void Limit(GroupBounds bounds, bool isMet)
    {
        // Nothing is kept of it: nearly every row group has both.
    }

    public override bool? Decide(RowGroupReader reader, RowGroupInfo group) => reader.Directory.TryFind(ColumnId.ParentDistances, out _, out _) ? null : true;

    public override void Keep(RowGroupReader reader, RowGroupInfo group, Span<ulong> rows)
    {
        if (reader.TryOpen(ColumnId.ParentDistances, group.Rows, out var column))
            column.Keep(TraceOrder.Absent, TraceOrder.Absent, rows);
    }
}
