using Clew.Model;

namespace Clew.TraceQL.Operators;

/// <summary>One whole trace, as rows of a batch, and what can be said of it as a whole. Used for trace after trace, so that none costs memory of its own. For one thread.</summary>
internal sealed class TraceView(QueryWork work)
{
    // So many spans are looked at from one look at the clock to the next.
    const int SpansPerLook = 256;

    readonly TraceTree _tree = new();
    int _looks;
    bool _hasTree;
    bool _hasBounds;
    UnixNanos _start, _end;

    public SpanBatch Batch { get; private set; } = new();

    public RowRange Rows { get; private set; }

    public QueryWork Work => work;

    /// <summary>Asked for every span: whether the query has to end within this trace, which is then left undecided.</summary>
    public bool MustStop() => ++_looks % SpansPerLook == 0 && work.IsSpent;

    /// <summary>Who is whose parent.</summary>
    public TraceTree Tree
    {
        get
        {
            if (_hasTree)
                return _tree;
            var bytes = _tree.CapacityBytes;
            _tree.Build(Batch.Spans, Rows);
            work.TryTake(_tree.CapacityBytes - bytes);
            _hasTree = true;
            return _tree;
        }
    }

    /// <summary>The earliest start.</summary>
    public UnixNanos Start
    {
        get
        {
            FindBounds();
            return _start;
        }
    }

    /// <summary>The latest end, but no earlier than the latest start.</summary>
    public UnixNanos End
    {
        get
        {
            FindBounds();
            return _end;
        }
    }

    public ulong DurationNanos => Start.NanosUntil(End);

    /// <summary>The earliest span without a parent, by its own word; -1 when none is here.</summary>
    public int Root
    {
        get
        {
            var root = -1;
            for (var row = Rows.Start; row < Rows.End; row++)
            {
                if (Batch.Spans.ParentSpanIds[row].IsAbsent && (root < 0 || Batch.Spans.Starts[row] < Batch.Spans.Starts[root]))
                    root = row;
            }

            return root;
        }
    }

    public void Show(SpanBatch batch, RowRange rows)
    {
        (Batch, Rows) = (batch, rows);
        (_hasTree, _hasBounds) = (false, false);
    }

    void FindBounds()
    {
        if (_hasBounds)
            return;
        (_start, _end) = (UnixNanos.MaxValue, UnixNanos.MinValue);
        for (var row = Rows.Start; row < Rows.End; row++)
        {
            var (start, end) = (Batch.Spans.Starts[row], Batch.Spans.Ends[row]);
            // Zero states no time.
            if (start != UnixNanos.MinValue && start < _start)
                _start = start;
            _end = new UnixNanos(Math.Max(_end.Value, Math.Max(start.Value, end.Value)));
        }

        if (_start == UnixNanos.MaxValue)
            _start = UnixNanos.MinValue;
        _hasBounds = true;
    }
}
