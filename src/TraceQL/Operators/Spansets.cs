namespace Clew.TraceQL.Operators;

/// <summary>The spansets that an operator leaves; its own, and used again for the next trace.</summary>
internal sealed class Spansets
{
    // An empty set and its place in the list.
    const int SetBytes = 160;

    readonly List<Spanset> _sets = [];
    QueryWork? _work;

    public int Count { get; private set; }

    public Spanset this[int index] => _sets[index];

    /// <param name="work">Where the memory of what is added from here on is counted.</param>
    public void Clear(QueryWork work) => (Count, _work) = (0, work);

    /// <summary>A further one, empty.</summary>
    public Spanset Add()
    {
        if (Count == _sets.Count)
        {
            _work?.TryTake(SetBytes);
            _sets.Add(new Spanset());
        }

        var set = _sets[Count++];
        set.Rows.Clear();
        set.Attributes.Clear();
        return set;
    }

    /// <summary>Takes the last one back.</summary>
    public void RemoveLast() => Count--;

    /// <summary>Counts the memory of what was put into the sets.</summary>
    public Spansets Settled()
    {
        for (var index = 0; index < Count; index++)
        {
            if (_sets[index].TakeGrownBytes() is > 0 and var bytes)
                _work?.TryTake(bytes);
        }

        return this;
    }

    /// <summary>Is one set, of somebody else, and no copy of it.</summary>
    public void Show(Spanset set)
    {
        _sets.Clear();
        _sets.Add(set);
        Count = 1;
    }

    /// <summary>All spans of a trace in one set: what a query begins with.</summary>
    public void Fill(TraceView trace)
    {
        Clear(trace.Work);
        var set = Add();
        for (var row = trace.Rows.Start; row < trace.Rows.End; row++)
            set.Rows.Add(row);
        Settled();
    }
}
