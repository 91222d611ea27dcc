namespace Clew.TraceQL.Tests.Meaning;

/// <summary>The spans of one trace in order of start, and who is whose parent, found the slow way.</summary>
sealed class PlainTrace
{
    readonly Dictionary<PlainSpan, (int Left, int Right)> _numbers = new(ReferenceEqualityComparer.Instance);
    int _number = 1;

    public PlainTrace(IEnumerable<PlainSpan> spans)
    {
        Spans = [.. spans.OrderBy(span => span.Start)];
        foreach (var root in Spans.Where(span => span.Parent == 0))
            Number(root);
    }

    public IReadOnlyList<PlainSpan> Spans { get; }

    public ulong Start => Spans.Min(span => span.Start);

    public ulong End => Spans.Max(span => Math.Max(span.Start, span.End));

    public PlainSpan? Root => Spans.FirstOrDefault(span => span.Parent == 0);

    public PlainSpan? ParentOf(PlainSpan span)
    {
        var parent = span.Parent == 0 ? null : Spans.FirstOrDefault(other => other.Id == span.Parent);
        return ReferenceEquals(parent, span) ? null : parent;
    }

    public IEnumerable<PlainSpan> ChildrenOf(PlainSpan span) => Spans.Where(other => ReferenceEquals(ParentOf(other), span));

    /// <summary>Whether a root leads to it.</summary>
    public bool HasPlace(PlainSpan span) => _numbers.ContainsKey(span);

    public (int Left, int Right) NumbersOf(PlainSpan span) => _numbers.GetValueOrDefault(span);

    public IEnumerable<PlainSpan> AncestorsOf(PlainSpan span)
    {
        for (var parent = ParentOf(span); parent is not null; parent = ParentOf(parent))
            yield return parent;
    }

    void Number(PlainSpan span)
    {
        var left = _number++;
        foreach (var child in ChildrenOf(span))
            Number(child);
        _numbers.Add(span, (left, _number++));
    }
}
