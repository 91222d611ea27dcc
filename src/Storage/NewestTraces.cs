using Clew.Model;

namespace Clew.Storage;

/// <summary>The traces with the newest matching spans, of all that were offered. Equal starts are ordered by trace id, so that an answer does not depend on the search's path.</summary>
internal sealed class NewestTraces(int countMax)
{
    readonly Dictionary<TraceId, UnixNanos> _newest = [];
    TraceMatch _worst = new(default, UnixNanos.MinValue);
    bool _isFull;

    /// <summary>Spans that start before this cannot change the answer any more.</summary>
    public UnixNanos Horizon => _isFull ? _worst.Newest : UnixNanos.MinValue;

    /// <summary>False when nothing at all can change the answer.</summary>
    public bool WantsAny => countMax > 0;

    public void Offer(TraceId id, UnixNanos start)
    {
        if (_isFull && Compare(new TraceMatch(id, start), _worst) > 0)
            return;
        if (_newest.TryGetValue(id, out var known) && known >= start)
            return;
        _newest[id] = start;
        if (_newest.Count >= Math.Max(64L, countMax * 2L) || (!_isFull && _newest.Count == countMax))
            Prune();
    }

    public IReadOnlyList<TraceMatch> ToList() => [.. Sorted().Take(countMax)];

    IEnumerable<TraceMatch> Sorted() => _newest.Select(pair => new TraceMatch(pair.Key, pair.Value)).Order(Comparer<TraceMatch>.Create(Compare));

    void Prune()
    {
        var kept = ToList();
        _newest.Clear();
        foreach (var match in kept)
            _newest.Add(match.Id, match.Newest);
        _isFull = kept.Count == countMax;
        if (_isFull)
            _worst = kept[^1];
    }

    static int Compare(TraceMatch left, TraceMatch right)
    {
        var byStart = right.Newest.CompareTo(left.Newest);
        return byStart != 0 ? byStart : left.Id.CompareTo(right.Id);
    }
}
