namespace Clew.TraceQL.Operators.Relations;

/// <summary>Is below.</summary>
internal sealed class DescendantRelation : SpanRelation
{
    public override SpanRelation Inverse => new AncestorRelation();

    // Parents come first, so that what is above is known of a parent when its child is asked.
    public override void Mark(TraceTree tree, ReadOnlySpan<bool> of, Span<bool> marks)
    {
        foreach (var place in tree.Positioned)
            marks[place] = tree.ParentOf(place) is >= 0 and var parent && (of[parent] || marks[parent]);
    }
}
