namespace Clew.Storage.Blocks.Search;

/// <summary>At least one of several conditions.</summary>
internal sealed class AnyTest(SearchTables tables, RowTest[] tests) : RowTest
{
    public override int Cost => tests.Sum(test => test.Cost);

    public override void Limit(GroupBounds bounds, bool isMet)
    {
        if (!isMet)
        {
            foreach (var test in tests)
                test.Limit(bounds, isMet: false);
            return;
        }

        var any = GroupBounds.None(tables);
        foreach (var test in tests)
        {
            var each = bounds.Clone();
            test.Limit(each, isMet: true);
            any.Join(each);
        }

        bounds.Meet(any);
    }

    public override bool? Decide(RowGroupReader reader, RowGroupInfo group)
    {
        bool? decided = false;
        foreach (var test in tests)
        {
            switch (test.Decide(reader, group))
            {
                case true: return true;
                case null: decided = null; break;
                default: break;
            }
        }

        return decided;
    }

    public override void Keep(RowGroupReader reader, RowGroupInfo group, Span<ulong> rows)
    {
        var any = new ulong[rows.Length];
        var each = new ulong[rows.Length];
        foreach (var test in tests)
        {
            rows.CopyTo(each);
            test.Keep(reader, group, each);
            for (var word = 0; word < any.Length; word++)
                any[word] |= each[word];
        }

        any.CopyTo(rows);
    }
}
