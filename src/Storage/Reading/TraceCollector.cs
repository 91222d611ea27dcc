using Clew.Model;

namespace Clew.Storage.Reading;

/// <summary>Gathers the spans of one trace, wherever they are, and puts them in order.</summary>
internal sealed class TraceCollector(TraceId id)
{
    readonly List<SpanBatch> _stored = [];
    readonly List<(SpanBatch Batch, int Row)> _head = [];
    bool _isLeft;

    public TraceId Id => id;

    /// <summary>What batches of its own that were added take.</summary>
    public long StoredBytes { get; private set; }

    /// <summary>Whether there is no memory for it: what is added is dropped in the end.</summary>
    public bool IsLeft
    {
        get => Volatile.Read(ref _isLeft);
        set => Volatile.Write(ref _isLeft, value);
    }

    /// <summary>Whether <see cref="ToTrace"/> answers with what was added, as it is.</summary>
    public bool IsInOneBatch => _stored.Count + _head.Count == 0 || (_stored.Count == 1 && _head.Count == 0 && IsInOrder(_stored[0].Spans.Starts.Values));

    /// <summary>Adds a batch that holds spans of this trace and nothing else, and that nobody changes or releases.</summary>
    public void Add(SpanBatch stored)
    {
        if (stored.SpanCount == 0)
            return;
        _stored.Add(stored);
        StoredBytes += BatchMemory.Of(stored);
    }

    /// <summary>Adds a span of a batch in the head.</summary>
    public void Add(SpanBatch head, int row) => _head.Add((head, row));

    /// <summary>Copies what is in the head, so that the head is needed no more.</summary>
    public void LeaveHead()
    {
        if (_head.Count == 0)
            return;
        var copy = Copy(_head);
        _head.Clear();
        _head.AddRange(Rows(copy));
    }

    /// <summary>The spans in order of start, those of equal start as they arrived; null when there are none.</summary>
    public SpanBatch? ToTrace()
    {
        // What nearly all traces are: in one place, and in order.
        if (IsInOneBatch)
            return _stored.Count == 0 ? null : _stored[0];
        return Copy(_stored.SelectMany(Rows).Concat(_head).OrderBy(span => span.Batch.Spans.Starts[span.Row]));
    }

    static IEnumerable<(SpanBatch Batch, int Row)> Rows(SpanBatch batch) => Enumerable.Range(0, batch.SpanCount).Select(row => (batch, row));

    static SpanBatch Copy(IEnumerable<(SpanBatch Batch, int Row)> spans)
    {
        var copier = new SpanCopier(new SpanBatch());
        foreach (var (batch, row) in spans)
            copier.Copy(batch, row);
        return copier.Target;
    }

    static bool IsInOrder(ReadOnlySpan<UnixNanos> starts)
    {
        for (var row = 1; row < starts.Length; row++)
        {
            if (starts[row] < starts[row - 1])
                return false;
        }

        return true;
    }
}
