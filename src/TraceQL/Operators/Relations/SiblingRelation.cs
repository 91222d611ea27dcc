namespace Clew.TraceQL.Operators.Relations;

/// <summary>Has the same parent as another span. The roots of a trace count as siblings.</summary>
internal sealed class SiblingRelation : SpanRelation
{
    // Per place of a parent, and at the end for roots, how many of the set are its children.
    int[] _counts = [];

    public override SpanRelation Inverse => new SiblingRelation();

    public override void Mark(TraceTree tree, ReadOnlySpan<bool> of, Span<bool> marks)
    {
        if (_counts.Length <= tree.Count)
            _counts = new int[(tree.Count + 1) * 2];
        var counts = _counts.AsSpan(0, tree.Count + 1);
        counts.Clear();
        foreach (var place in tree.Positioned)
        {
            if (of[place])
                counts[ParentOf(tree, place)]++;
        }

        foreach (var place in tree.Positioned)
            marks[place] = counts[ParentOf(tree, place)] > (of[place] ? 1 : 0);
    }

    static int ParentOf(TraceTree tree, int place) => tree.ParentOf(place) is >= 0 and var parent ? parent : tree.Count;
}
