namespace Clew.TraceQL.Operators;

/// <summary><c>A &amp;&amp; B</c>: the spans of both, when both have some. <c>A || B</c>: the spans of both.</summary>
internal sealed class UnionOperator(PipelineOperator left, PipelineOperator right, bool needsBoth) : CombineOperator(left, right)
{
    protected override void Combine(TraceView trace, Spansets lefts, Spansets rights, Spanset result)
    {
        if (needsBoth && (lefts.Count == 0 || rights.Count == 0))
            return;
        AddAll(lefts, result);
        AddAll(rights, result);
        RowLists.SortDistinct(result.Rows);
    }

    static void AddAll(Spansets sets, Spanset result)
    {
        for (var index = 0; index < sets.Count; index++)
            result.Rows.AddRange(sets[index].Rows);
    }
}
