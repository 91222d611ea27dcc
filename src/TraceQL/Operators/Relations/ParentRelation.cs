namespace Clew.TraceQL.Operators.Relations;

/// <summary>Is the parent of.</summary>
internal sealed class ParentRelation : SpanRelation
{
    public override SpanRelation Inverse => new ChildRelation();

    public override void Mark(TraceTree tree, ReadOnlySpan<bool> of, Span<bool> marks)
    {
        foreach (var place in tree.Positioned)
        {
            if (of[place] && tree.ParentOf(place) is >= 0 and var parent)
                marks[parent] = true;
        }
    }
}
