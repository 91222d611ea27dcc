namespace Clew.Storage;

/// <summary>What was found damaged since the store was opened: each place once, however often it is met.</summary>
internal sealed class DamageLog(Action<StorageEvent> report)
{
    /// <summary>So many places are listed; a disk that loses more of them needs no longer list.</summary>
    const int PlacesMax = 1_000;

    readonly Lock _lock = new();
    readonly HashSet<string> _places = [];

    public IReadOnlyList<string> Places
    {
        get
        {
            lock (_lock)
                return [.. _places];
        }
    }

    /// <param name="place">File, offset, and what is lost, in words.</param>
    public void Add(string place)
    {
        lock (_lock)
        {
            if (_places.Count >= PlacesMax || !_places.Add(place))
                return;
        }

        report(new StorageEvent(StorageEventLevel.Error, place));
    }
}
