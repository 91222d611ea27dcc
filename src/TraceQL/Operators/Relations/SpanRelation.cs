namespace Clew.TraceQL.Operators.Relations;

/// <summary>How spans of a trace stand to one another. Spans go by their place in the trace; those without a position in its tree stand to nobody.</summary>
internal abstract class SpanRelation
{
    /// <summary>Marks every span that has the relation to some span of a set.</summary>
    /// <param name="of">Per place, whether it is in the set.</param>
    /// <param name="marks">Per place; all false before.</param>
    public abstract void Mark(TraceTree tree, ReadOnlySpan<bool> of, Span<bool> marks);

    /// <summary>The relation read the other way round.</summary>
    public abstract SpanRelation Inverse { get; }
}
