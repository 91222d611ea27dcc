using Clew.Model;
using Clew.Storage.Buckets;
using Clew.Storage.Files;

namespace Clew.Storage.Blocks;

/// <summary>The files of blocks in the folder: how they come to be, durably, and how they go.</summary>
internal sealed class BlockFiles(IStorageFolder folder, BlockCache cache, DamageLog damage, Action<StorageEvent> report)
{
    readonly Lock _lock = new();
    readonly HashSet<string> _leftOver = new(StringComparer.Ordinal);
    readonly List<Block> _leaving = [];
    readonly HashSet<ulong> _missing = [];

    public string Path => folder.Path;

    /// <summary>What the disk has left, with what it will have as soon as the last reader of deleted blocks is done.</summary>
    public long FreeBytes
    {
        get
        {
            lock (_lock)
            {
                _leaving.RemoveAll(block => block.IsGone);
                return Math.Min(folder.FreeBytes, long.MaxValue / 2) + _leaving.Sum(block => block.Summary.Bytes);
            }
        }
    }

    /// <summary>Where the blocks are that are not in the folder.</summary>
    public TierSet Tiers { get; set; } = TierSet.None;

    public Block Open(BlockSummary summary)
    {
        try
        {
            return new Block(summary, new BlockFile(summary.Place == BlockPlace.Folder ? folder.Open(FileNames.Block(summary.Id)) : Tiers.Open(summary)), cache, damage);
        }
        catch (FileNotFoundException)
        {
            lock (_lock)
                _missing.Add(summary.Id);
            throw;
        }
    }

    /// <summary>Whether there was no file when a block was to be opened. A block that could not be opened for any other reason may be as good as ever.</summary>
    public bool IsMissing(ulong id)
    {
        lock (_lock)
            return _missing.Contains(id);
    }

    /// <summary>The bytes of a block, wherever it is.</summary>
    public IReadableFile OpenToRead(BlockSummary summary) =>
        summary.Place == BlockPlace.Folder ? folder.OpenToRead(FileNames.Block(summary.Id)) : Tiers.Open(summary);

    /// <summary>Writes a block under a temporary name, flushes it, and gives it its own, durably. It is not listed yet: a crash now leaves a stray, which the next start deletes.</summary>
    /// <param name="write">Writes and flushes; answers null when there turned out to be nothing to write.</param>
    /// <returns>Null when there was nothing to write.</returns>
    public async Task<Block?> CreateAsync(ulong id, Func<IStorageFile, Task<BlockIndex?>> write)
    {
        string name = FileNames.Block(id), temporary = name + FileNames.Temporary;
        if (await WriteAsync(temporary, write) is not { } index)
            return null;
        var isNamed = false;
        try
        {
            folder.Rename(temporary, name);
            folder.Flush();
            var file = new BlockFile(folder.Open(name));
            isNamed = true;
            return new Block(BlockSummary.Of(id, file.LengthBytes, index), file, cache, damage);
        }
        finally
        {
            // The next try takes another number, and this one must not turn up beside it.
            if (!isNamed)
            {
                TryDelete(temporary);
                TryDelete(name);
            }
        }
    }

    /// <summary>Deletes the file of a block that is not listed any more. Readers that have it open go on. What cannot be deleted now is tried again by <see cref="TryDeleteLeftOver"/>.</summary>
    /// <param name="block">Null when the block could not even be opened.</param>
    public void Delete(ulong id, Block? block)
    {
        // An object of a bucket is garbage of the manifest, and deleted as such.
        if (block is { Summary.Place: not BlockPlace.Folder })
            return;
        TryDelete(FileNames.Block(id));
        if (block is null)
            return;
        lock (_lock)
            _leaving.Add(block);
    }

    /// <summary>Whether all that was to be deleted is.</summary>
    public bool TryDeleteLeftOver()
    {
        string[] names;
        lock (_lock)
            names = [.. _leftOver];
        return names.All(TryDelete);
    }

    async Task<BlockIndex?> WriteAsync(string name, Func<IStorageFile, Task<BlockIndex?>> write)
    {
        var isComplete = false;
        try
        {
            using var file = folder.Create(name);
            var index = await write(file);
            isComplete = index is not null;
            return index;
        }
        finally
        {
            if (!isComplete)
                TryDelete(name);
        }
    }

    bool TryDelete(string name)
    {
        try
        {
            folder.Delete(name);
            lock (_lock)
                _leftOver.Remove(name);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            bool isNew;
            lock (_lock)
                isNew = _leftOver.Add(name);
            if (isNew)
                report(new StorageEvent(StorageEventLevel.Warning, $"{name} is not needed any more and could not be deleted; it is tried again, also by the next start. {failure.Message}"));
            return false;
        }
    }
}
