namespace Clew.Storage.Blocks.Search;

/// <summary>All of several conditions.</summary>
internal sealed class AllTest(SearchTables tables, RowTest[] tests) : RowTest
{
    public override int Cost => tests.Sum(test => test.Cost);

    public override void Limit(GroupBounds bounds, bool isMet)
    {
        if (isMet)
        {
            foreach (var test in tests)
                test.Limit(bounds, isMet: true);
            return;
        }

        var any = GroupBounds.None(tables);
        foreach (var test in tests)
        {
            var each = bounds.Clone();
            test.Limit(each, isMet: false);
            any.Join(each);
        }

        bounds.Meet(any);
    }

    public override bool? Decide(RowGroupReader reader, RowGroupInfo group)
    {
        bool? decided = true;
        foreach (var test in tests)
        {
            switch (test.Decide(reader, group))
            {
                case false: return false;
                case null: decided = null; break;
                default: break;
            }
        }

        return decided;
    }

    public override void Keep(RowGroupReader reader, RowGroupInfo group, Span<ulong> rows)
    {
        foreach (var test in tests)
            test.Keep(reader, group, rows);
    }
}
