namespace Clew.TraceQL.Metrics;

/// <summary>The first of very many, by an order, without sorting all of them. For one thread.</summary>
internal sealed class FirstOf<T>(int countMax, Comparison<T> order)
{
    // The last of those that are kept comes out first.
    readonly PriorityQueue<T, T> _kept = new(Comparer<T>.Create((left, right) => order(right, left)));

    public void Add(T one)
    {
        if (_kept.Count < countMax)
            _kept.Enqueue(one, one);
        else
            _kept.EnqueueDequeue(one, one);
    }

    /// <summary>Takes them out, in order.</summary>
    public List<T> TakeAll()
    {
        var first = new List<T>(_kept.Count);
        while (_kept.TryDequeue(out var one, out _))
            first.Add(one);
        first.Reverse();
        return first;
    }
}
