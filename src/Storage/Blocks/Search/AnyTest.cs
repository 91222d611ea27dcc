using Clew.Model;

namespace Clew.Storage.Blocks.Search;

/// <summary>At least one of several conditions.</summary>
internal sealed class AnyTest(RowTest[] tests) : RowTest
{
    public override int Cost => tests.Sum(test => test.Cost);

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

    public override UnixNanos NewestOf(RowGroupReader reader, RowGroupInfo group)
    {
        var newest = UnixNanos.MinValue;
        foreach (var test in tests)
        {
            if (test.Decide(reader, group) != false && test.NewestOf(reader, group) is var each && each > newest)
                newest = each;
        }

        return newest;
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
