namespace Clew.TraceQL.Operators.Relations;

/// <summary>Is a child of.</summary>
internal sealed class ChildRelation : SpanRelation
{
    public override SpanRelation Inverse => new ParentRelation();

    public override void Mark(TraceTree tree, ReadOnlySpan<bool> of, Span<bool> marks)
    {
        foreach (var place in tree.Positioned)
            marks[place] = tree.ParentOf(place) is >= 0 and var parent && of[parent];
    }
}
