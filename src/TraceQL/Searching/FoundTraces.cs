using Clew.Model;

namespace Clew.TraceQL.Searching;

/// <summary>The traces of one page: of those that match and come after the page before, the first. For one thread.</summary>
internal sealed class FoundTraces(int countMax, SearchCursor? after, QueryWork work)
{
    // The last in the order of the answer comes out first.
    readonly PriorityQueue<FoundTrace, SearchCursor> _queue = new(Comparer<SearchCursor>.Create((left, right) => right.CompareTo(left)));
    SpanSelection _order = SpanSelection.All;
    SpanMatcher? _matcher;
    SpanBatch? _batch;
    int _orderIndex;
    bool _hasMore;

    public int Count => _queue.Count;

    public FoundTraces NewOfSameKind() => new(countMax, after, work) { _order = _order, _orderIndex = _orderIndex };

    /// <summary>Traces are ordered by the newest of their spans that meet this.</summary>
    /// <param name="index">Which it is of the things that the query asks for, for cursors.</param>
    public void OrderBy(SpanSelection order, int index) => (_order, _orderIndex) = (order, index);

    /// <summary>Whether the page is full, and no trace whose newest span starts no later than this belongs to it.</summary>
    public bool IsFullAbove(UnixNanos newest) => _queue.Count == countMax && _queue.TryPeek(out _, out var last) && last.Newest > newest;

    /// <summary>Says that traces were left undecided that may come after the page.</summary>
    public void LeaveSome() => _hasMore = true;

    public void Open(SpanBatch batch) => (_batch, _matcher) = (batch, new SpanMatcher(_order, batch));

    /// <summary>Takes a trace if it matches and belongs to the page.</summary>
    public void Decide(TraceMatcher matcher, SpanBatch batch, RowRange rows)
    {
        if (_batch != batch)
            Open(batch);
        if (CursorOf(batch, rows) is not { } cursor || (after is { } before && cursor <= before))
            return;
        if (_queue.Count == countMax && _queue.TryPeek(out _, out var last) && cursor > last && _hasMore)
            return;
        if (matcher.Match(batch, rows) is { } spansets)
            Add(matcher.ToFound(cursor.Id, spansets), cursor);
    }

    public void TakeAll(FoundTraces other)
    {
        _hasMore |= other._hasMore;
        while (other._queue.TryDequeue(out var trace, out var cursor))
            Add(trace, cursor);
    }

    public (IReadOnlyList<FoundTrace> Traces, SearchCursor? Next) ToPage()
    {
        SearchCursor? next = _hasMore && _queue.TryPeek(out _, out var last) ? last : null;
        var traces = new List<FoundTrace>(_queue.Count);
        while (_queue.TryDequeue(out var trace, out _))
            traces.Add(trace);
        return ([.. traces.OrderByDescending(trace => trace.Start.Value).ThenBy(trace => trace.Id)], next);
    }

    void Add(FoundTrace trace, SearchCursor cursor)
    {
        if (_queue.Count == countMax)
        {
            _hasMore = true;
            work.Return(FoundBytes.Of(_queue.EnqueueDequeue(trace, cursor)));
        }
        else
        {
            _queue.Enqueue(trace, cursor);
        }
    }

    SearchCursor? CursorOf(SpanBatch batch, RowRange rows)
    {
        UnixNanos? newest = null;
        for (var row = rows.Start; row < rows.End; row++)
        {
            if (_matcher!.Matches(row) && (newest is null || batch.Spans.Starts[row] > newest))
                newest = batch.Spans.Starts[row];
        }

        return newest is { } time ? new SearchCursor(time, batch.Spans.TraceIds[rows.Start]) { Order = _orderIndex } : null;
    }
}
