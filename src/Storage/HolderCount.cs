namespace Clew.Storage;

/// <summary>How many still need something that the store may be done with. Begins with one, the store itself.</summary>
internal struct HolderCount()
{
    int _count = 1;

    /// <summary>One more; false when the last has let go already.</summary>
    public bool TryAdd()
    {
        while (Volatile.Read(ref _count) is var count && count > 0)
        {
            if (Interlocked.CompareExchange(ref _count, count + 1, count) == count)
                return true;
        }

        return false;
    }

    /// <summary>Whether there is no one but the store.</summary>
    public bool IsOne => Interlocked.CompareExchange(ref _count, 0, 0) == 1;

    /// <summary>Whether the last has let go.</summary>
    public bool IsZero => Interlocked.CompareExchange(ref _count, 0, 0) == 0;

    /// <summary>One less.</summary>
    /// <returns>Whether that was the last.</returns>
    public bool Remove() => Interlocked.Decrement(ref _count) == 0;
}
