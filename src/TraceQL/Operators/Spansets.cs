namespace Clew.TraceQL.Operators;

/// <summary>The spansets that an operator leaves; its own, and used again for the next trace.</summary>
internal sealed class Spansets
{
    readonly List<Spanset> _sets = [];

    public int Count { get; private set; }

    public Spanset this[int index] => _sets[index];

    public void Clear() => Count = 0;

    /// <summary>A further one, empty.</summary>
    public Spanset Add()
    {
        if (Count == _sets.Count)
            _sets.Add(new Spanset());
        var set = _sets[Count++];
        set.Rows.Clear();
        set.Attributes.Clear();
        return set;
    }

    /// <summary>Takes the last one back.</summary>
    public void RemoveLast() => Count--;

    /// <summary>All spans of a trace in one set: what a query begins with.</summary>
    public void Fill(TraceView trace)
    {
        Clear();
        var set = Add();
        for (var row = trace.Rows.Start; row < trace.Rows.End; row++)
            set.Rows.Add(row);
    }
}
