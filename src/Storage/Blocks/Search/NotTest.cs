namespace Clew.Storage.Blocks.Search;

/// <summary>The contrary of a condition.</summary>
internal sealed class NotTest(RowTest inner) : RowTest
{
    public override int Cost => inner.Cost;

    public override void Limit(GroupBounds bounds, bool isMet) => inner.Limit(bounds, !isMet);

    public override bool? Decide(RowGroupReader reader, RowGroupInfo group) => !inner.Decide(reader, group);

    public override void Keep(RowGroupReader reader, RowGroupInfo group, Span<ulong> rows)
    {
        var met = rows.ToArray();
        inner.Keep(reader, group, met);
        for (var word = 0; word < met.Length; word++)
            rows[word] &= ~met[word];
    }
}
