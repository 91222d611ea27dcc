using System.Collections.Immutable;
using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Compaction;

namespace Clew.Storage.Retention;

/// <summary>Removes blocks that are older than they are to get, and, where space is short, those that are worth least. Whatever goes is counted in the manifest.</summary>
/// <remarks>A block is gone with the manifest that does not list it any more; then its file is deleted. Queries that began before go on reading it.</remarks>
internal sealed class Expiry(
    BlockFiles files, ManifestFile manifest, StoreContents contents, DiskUse disk, MergingBlocks merging, StorageOptions options, TimeProvider time, Action<StorageEvent> report)
{
    /// <summary>Listing what is left costs more than removing, so it is not done after each time.</summary>
    static readonly TimeSpan RelistInterval = TimeSpan.FromMinutes(1);

    readonly SteadyClock _clock = new(time, files.Path, report);
    bool _isListingOld;
    long _listedAt = time.GetTimestamp();

    /// <summary>Removes what is due.</summary>
    /// <returns>Whether something was, and there may be more.</returns>
    public Task<bool> StepAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var blocks = manifest.Current.Blocks.RemoveAll(merging.Contains);
        var isSteady = _clock.TryRead(out var clock);
        var now = UnixNanos.From(clock);
        if (isSteady && blocks.RemoveAll(block => BlockAge.LevelOf(block, now, options.Retention) is not null) is { IsEmpty: false } old)
            Remove(old, ExpiryCause.Age);
        else if (options.Retention.WhenFull == WhenFull.Expire && DiskBudget.Choose(blocks, disk.Budget().ExcessBytes) is { IsEmpty: false } least)
            Remove(least, ExpiryCause.Budget);
        else
            return Task.FromResult(TryRelist());
        return Task.FromResult(true);
    }

    bool TryRelist()
    {
        if (!_isListingOld || time.GetElapsedTime(_listedAt) < RelistInterval)
            return false;
        contents.RelistOperations();
        (_isListingOld, _listedAt) = (false, time.GetTimestamp());
        return true;
    }

    void Remove(ImmutableArray<BlockSummary> expired, ExpiryCause cause)
    {
        var ids = expired.Select(block => block.Id).ToHashSet();
        // A block that could not even be opened is listed, and nowhere else.
        var open = contents.View.Blocks.Where(block => ids.Contains(block.Summary.Id)).ToDictionary(block => block.Summary.Id);
        manifest.Commit(
            current => current with
            {
                Blocks = current.Blocks.RemoveAll(block => ids.Contains(block.Id)),
                Losses = expired.Aggregate(current.Losses, (losses, block) => losses.WithExpired(block, cause)),
            },
            () => contents.Remove(open.Values));
        _isListingOld = true;
        foreach (var id in ids)
            files.Delete(id, open.GetValueOrDefault(id));
        var (level, why) = cause == ExpiryCause.Age
            ? (StorageEventLevel.Information, "are older than spans are kept")
            : (StorageEventLevel.Warning, "had to go to make room (storage.disk_bytes_max, storage.free_bytes_min)");
        report(new StorageEvent(level, $"{files.Path}: {expired.Sum(block => block.SpanCount)} spans in {expired.Length} blocks {why}; they are removed."));
    }
}
