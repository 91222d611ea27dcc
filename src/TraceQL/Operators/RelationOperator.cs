using Clew.TraceQL.Operators.Relations;

namespace Clew.TraceQL.Operators;

/// <summary>
/// <c>A &gt; B</c> and its like: the spans of <c>B</c> that have a relation to one of <c>A</c>; negated, those that have it to none; as a union, the spans of <c>A</c> on the
/// other end too.
/// </summary>
internal sealed class RelationOperator(PipelineOperator left, PipelineOperator right, SpanRelation relation, bool isNegated, bool isUnion) : CombineOperator(left, right)
{
    static readonly List<int> None = [];

    readonly SpanRelation _inverse = relation.Inverse;
    bool[] _set = [], _marks = [];

    protected override void Combine(TraceView trace, Spansets lefts, Spansets rights, Spanset result)
    {
        if (lefts.Count > 1 || rights.Count > 1)
            throw new QueryFailedException("spanset operators are not supported for multiple spansets per trace. consider using coalesce()");
        if (rights.Count == 0 || (lefts.Count == 0 && !isNegated))
            return;
        AddRelated(trace, relation, lefts.Count == 0 ? None : lefts[0].Rows, rights[0].Rows, isNegated, result.Rows);
        if (!isUnion)
            return;
        AddRelated(trace, _inverse, rights[0].Rows, lefts[0].Rows, negated: false, result.Rows);
        RowLists.SortDistinct(result.Rows);
    }

    void AddRelated(TraceView trace, SpanRelation how, List<int> to, List<int> candidates, bool negated, List<int> rows)
    {
        var tree = trace.Tree;
        var set = Cleared(ref _set, tree.Count, trace.Work);
        var marks = Cleared(ref _marks, tree.Count, trace.Work);
        var first = trace.Rows.Start;
        foreach (var row in to)
            set[row - first] = true;
        how.Mark(tree, set, marks);
        foreach (var row in candidates)
        {
            if (marks[row - first] != negated)
                rows.Add(row);
        }
    }

    static Span<bool> Cleared(ref bool[] flags, int count, QueryWork work)
    {
        if (flags.Length < count)
        {
            work.TryTake(2L * count);
            flags = new bool[count * 2];
        }

        var span = flags.AsSpan(0, count);
        span.Clear();
        return span;
    }
}
