namespace Clew.Model;

/// <summary>All stored spans of one trace, assembled into a forest and shown as what they are, however broken.</summary>
/// <remarks>
/// <para>Spans are rows of <see cref="Batch"/>. A parent id leads to the earliest span that carries it. A span without a parent id is a root; one whose parent
/// is not here is an orphan; one that is, by its own claims, its own ancestor is detached. All three head a tree. Spans that share an id with an earlier
/// one are kept beside it, under the same parent, as duplicates.</para>
/// </remarks>
public sealed class Trace
{
    readonly int[] _parents;
    readonly SpanStanding[] _standings;
    readonly int[] _duplicateOf;
    readonly int[] _childEnds;
    readonly int[] _children;
    readonly int[] _heads;

    Trace(TraceId id, SpanBatch batch, int copiesLeftOut, int[] parents, SpanStanding[] standings, int[] duplicateOf)
    {
        Id = id;
        Batch = batch;
        CopiesLeftOut = copiesLeftOut;
        _parents = parents;
        _standings = standings;
        _duplicateOf = duplicateOf;
        (_childEnds, _children, _heads) = SortChildren(batch, parents);
    }

    public TraceId Id { get; }

    /// <summary>Holds the spans of this trace and no others.</summary>
    public SpanBatch Batch { get; }

    public int SpanCount => Batch.SpanCount;

    /// <summary>Spans that were stored more often than once, the same to the last bit, and are not in <see cref="Batch"/> again.</summary>
    public int CopiesLeftOut { get; }

    /// <summary>The rows that have no parent here: roots, orphans and detached spans, earliest start first.</summary>
    public ReadOnlySpan<int> Heads => _heads;

    /// <summary>The row of the span's parent; -1 for a head.</summary>
    public int ParentOf(int row) => _parents[row];

    public SpanStanding StandingOf(int row) => _standings[row];

    /// <summary>The earlier row that carries the same span id; -1 for the first to carry it.</summary>
    public int DuplicateOf(int row) => _duplicateOf[row];

    /// <summary>The span's children, earliest start first.</summary>
    public ReadOnlySpan<int> ChildrenOf(int row) => _children.AsSpan(row == 0 ? 0 : _childEnds[row - 1], ChildCount(row));

    /// <summary>The earliest root, else the earliest head: the span a person would name the trace by. -1 for a trace without spans.</summary>
    public int FirstRoot
    {
        get
        {
            var root = Array.FindIndex(_heads, row => _standings[row] == SpanStanding.Root);
            return root >= 0 ? _heads[root] : _heads.Length > 0 ? _heads[0] : -1;
        }
    }

    /// <summary>Every span once, parents before children, siblings by start: the order of a waterfall. Depth 0 is a head.</summary>
    public IEnumerable<(int Row, int Depth)> DepthFirst()
    {
        var open = new Stack<(int Row, int Depth)>();
        for (var head = _heads.Length - 1; head >= 0; head--)
            open.Push((_heads[head], 0));
        while (open.TryPop(out var next))
        {
            yield return next;
            var children = ChildrenOf(next.Row);
            for (var child = children.Length - 1; child >= 0; child--)
                open.Push((children[child], next.Depth + 1));
        }
    }

    /// <summary>Assembles a trace from a batch that holds nothing else.</summary>
    /// <exception cref="ArgumentException">A span belongs to another trace.</exception>
    public static Trace Assemble(TraceId id, SpanBatch batch, int copiesLeftOut = 0)
    {
        if (batch.Spans.TraceIds.Values.IndexOfAnyExcept(id) is var stranger and >= 0)
            throw new ArgumentException($"Row {stranger} belongs to trace {batch.Spans.TraceIds[stranger]}, not to {id}.", nameof(batch));
        var byStart = RowsByStart(batch);
        var firstWithId = new Dictionary<SpanId, int>(batch.SpanCount);
        var duplicateOf = new int[batch.SpanCount];
        foreach (var row in byStart)
        {
            var isFirst = firstWithId.TryAdd(batch.Spans.SpanIds[row], row);
            duplicateOf[row] = isFirst ? -1 : firstWithId[batch.Spans.SpanIds[row]];
        }

        var parents = new int[batch.SpanCount];
        var standings = new SpanStanding[batch.SpanCount];
        for (var row = 0; row < parents.Length; row++)
        {
            var parentId = batch.Spans.ParentSpanIds[row];
            var found = firstWithId.TryGetValue(parentId, out var parent) && !parentId.IsAbsent;
            parents[row] = found ? parent : -1;
            standings[row] = found ? SpanStanding.Child : parentId.IsAbsent ? SpanStanding.Root : SpanStanding.Orphan;
        }

        Detach(byStart, parents, standings);
        return new Trace(id, batch, copiesLeftOut, parents, standings, duplicateOf);
    }

    static int[] RowsByStart(SpanBatch batch)
    {
        var rows = new int[batch.SpanCount];
        for (var row = 0; row < rows.Length; row++)
            rows[row] = row;
        Array.Sort(rows, ByStart(batch));
        return rows;
    }

    static Comparer<int> ByStart(SpanBatch batch) => Comparer<int>.Create((left, right) =>
        batch.Spans.Starts[left].CompareTo(batch.Spans.Starts[right]) is var order and not 0 ? order : left.CompareTo(right));

    // Walks up from each span, earliest first; whoever meets a span of the walk under way has found a cycle, and the walk's first span in it becomes a head.
    static void Detach(int[] byStart, int[] parents, SpanStanding[] standings)
    {
        var walks = new int[parents.Length];
        var walk = 0;
        foreach (var start in byStart)
        {
            walk++;
            var row = start;
            while (row >= 0 && walks[row] == 0)
            {
                walks[row] = walk;
                row = parents[row];
            }

            if (row < 0 || walks[row] != walk)
                continue;
            parents[row] = -1;
            standings[row] = SpanStanding.Detached;
        }
    }

    static (int[] Ends, int[] Children, int[] Heads) SortChildren(SpanBatch batch, int[] parents)
    {
        var ends = new int[parents.Length];
        foreach (var parent in parents)
        {
            if (parent >= 0)
                ends[parent]++;
        }

        var total = 0;
        for (var row = 0; row < ends.Length; row++)
            ends[row] = total += ends[row];

        // Each parent's rows are filled from their end, latest child first, so that they end up in order of start.
        var children = new int[total];
        var next = (int[])ends.Clone();
        var heads = new List<int>();
        var byStart = RowsByStart(batch);
        for (var at = byStart.Length - 1; at >= 0; at--)
        {
            var row = byStart[at];
            if (parents[row] >= 0)
                children[--next[parents[row]]] = row;
            else
                heads.Add(row);
        }

        heads.Reverse();
        return (ends, children, [.. heads]);
    }

    int ChildCount(int row) => _childEnds[row] - (row == 0 ? 0 : _childEnds[row - 1]);
}
