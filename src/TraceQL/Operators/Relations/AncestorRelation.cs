namespace Clew.TraceQL.Operators.Relations;

/// <summary>Is above.</summary>
internal sealed class AncestorRelation : SpanRelation
{
    public override SpanRelation Inverse => new DescendantRelation();

    public override void Mark(TraceTree tree, ReadOnlySpan<bool> of, Span<bool> marks)
    {
        var positioned = tree.Positioned;
        for (var at = positioned.Length - 1; at >= 0; at--)
        {
            var place = positioned[at];
            if (tree.ParentOf(place) is >= 0 and var parent)
                marks[parent] |= of[place] || marks[place];
        }
    }
}
