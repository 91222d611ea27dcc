using Clew.Model;

namespace Clew.Storage;

/// <summary>The traces with the newest matching spans, of all that were offered, by any number of threads. Equal starts are ordered by trace id, so that an answer does not depend on the search's path.</summary>
internal sealed class NewestTraces(int countMax)
{
    readonly Lock _lock = new();
    readonly Dictionary<TraceId, UnixNanos> _newest = [];
    TraceMatch _worst = new(default, UnixNanos.MinValue);
    bool _isFull;
    ulong _horizon;

    /// <summary>Spans that start before this cannot change the answer any more.</summary>
    public UnixNanos Horizon => new(Volatile.Read(ref _horizon));

    public void Offer(TraceId id, UnixNanos start)
    {
        lock (_lock)
        {
            if (_isFull && Compare(new TraceMatch(id, start), _worst) > 0)
                return;
            if (_newest.TryGetValue(id, out var known) && known >= start)
                return;
            _newest[id] = start;
            // A few more than are wanted are let in before the horizon is drawn again: sorting costs something, reading what is behind the horizon costs more.
            if (_newest.Count > countMax + countMax / 4L || (!_isFull && _newest.Count == countMax))
                Prune();
        }
    }

    /// <summary>The answer, when no one offers any more.</summary>
    public IReadOnlyList<TraceMatch> ToList() => [.. Sorted().Take(countMax)];

    IEnumerable<TraceMatch> Sorted() => _newest.Select(pair => new TraceMatch(pair.Key, pair.Value)).Order(Comparer<TraceMatch>.Create(Compare));

    void Prune()
    {
        var kept = ToList();
        _newest.Clear();
        foreach (var match in kept)
            _newest.Add(match.Id, match.Newest);
        _isFull = kept.Count == countMax;
        if (!_isFull)
            return;
        _worst = kept[^1];
        Volatile.Write(ref _horizon, _worst.Newest.Value);
    }

    static int Compare(TraceMatch left, TraceMatch right)
    {
        var byStart = right.Newest.CompareTo(left.Newest);
        return byStart != 0 ? byStart : left.Id.CompareTo(right.Id);
    }
}
