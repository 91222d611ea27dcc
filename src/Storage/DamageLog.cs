using Clew.Storage.Blocks;
using Clew.Storage.Buckets;

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

    /// <summary>A row group that could not be read.</summary>
    public void AddRowGroup(IOException failure, RowGroupInfo group) =>
        AddUnlessItPasses(failure, $"{failure.Message} Its row group is left out: up to {group.Rows} spans that start from {group.StartMin.ToDateTimeOffset():O} to {group.StartMax.ToDateTimeOffset():O}.");

    /// <summary>A block of which nothing could be read.</summary>
    public void AddBlock(IOException failure, BlockSummary block) =>
        AddUnlessItPasses(failure, $"{failure.Message} Left out are {block.AllSpans}.");

    /// <summary>Reads something of a block, and reports the block when that fails.</summary>
    /// <returns>Whether it was read.</returns>
    /// <exception cref="UnsupportedFormatException">Not damage: the program cannot read it.</exception>
    public bool TryRead(BlockSummary block, Action read) => TryRead(read, failure => AddBlock(failure, block));

    /// <summary>As above, of a row group.</summary>
    public bool TryRead(RowGroupInfo group, Action read) => TryRead(read, failure => AddRowGroup(failure, group));

    static bool TryRead(Action read, Action<IOException> report)
    {
        try
        {
            read();
            return true;
        }
        catch (IOException failure) when (failure is not UnsupportedFormatException)
        {
            report(failure);
            return false;
        }
    }

    // A bucket that does not answer has lost nothing: its tier says so for as long as it lasts.
    void AddUnlessItPasses(IOException failure, string place)
    {
        if (failure is not BucketException { Failure: not BucketFailure.Missing })
            Add(place);
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
