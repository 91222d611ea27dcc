namespace Clew.Storage.Blocks.Search;

/// <summary>A condition that no row of the block meets: it asks for a string that the block does not have.</summary>
internal sealed class NeverTest : RowTest
{
    public override int Cost => 0;

    public override void Limit(GroupBounds bounds, bool isMet)
    {
        for (var group = 0; isMet && group < bounds.Count; group++)
            bounds.Remove(group);
    }

    public override bool? Decide(RowGroupReader reader, RowGroupInfo group) => false;

    public override void Keep(RowGroupReader reader, RowGroupInfo group, Span<ulong> rows) => rows.Clear();
}
