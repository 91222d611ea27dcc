using Clew.Storage.Files;

namespace Clew.Storage.Inspection;

/// <summary>Makes a folder of its own out of a snapshot: a store that can be opened in the place of the first.</summary>
/// <remarks>
/// It grows under the name <c>DIR.partial</c>, is flushed, and gets its name in the end, so that half a backup cannot be taken for a whole one. What a backup that was
/// interrupted left behind under that name is removed by the next one.
/// </remarks>
public sealed class StoreBackup
{
    const string PartialSuffix = ".partial";

    readonly StoreSnapshot _snapshot;
    readonly string _partial;
    bool _hasName;

    /// <param name="snapshot">Taken no earlier than what is to be in the backup was acknowledged.</param>
    /// <param name="target">A folder that does not exist, or is empty; its parent must exist.</param>
    /// <exception cref="StoreFolderException">The target cannot be one.</exception>
    public StoreBackup(StoreSnapshot snapshot, string target)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        _snapshot = snapshot;
        Target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        _partial = Target + PartialSuffix;
        CheckTarget();
    }

    /// <summary>The full path of the folder to make.</summary>
    public string Target { get; }

    /// <summary>Blocks get a second name where the file system can do that, which takes neither time nor space. Set to false to copy their bytes. Default true.</summary>
    public bool MayLink { get; init; } = true;

    /// <summary>Looks at the finished copy before it gets its name; an exception leaves no backup. Default: nothing.</summary>
    public Action<StoreSnapshot> Check { get; init; } = _ => { };

    /// <summary>Makes the names in a folder durable.</summary>
    internal Action<string> FlushFolder { get; init; } = NativeDisk.FlushFolder;

    /// <exception cref="IOException">Something could not be read or written. There is no backup then, and nothing left of it.</exception>
    public BackupResult Run(IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        var folder = DiskFolder.OpenOrCreate(_partial);
        using var held = folder.Lock();
        RemoveLeftovers(folder);
        try
        {
            var result = Copy(folder, progress, cancellation);
            using (var copy = StoreSnapshot.Open(folder))
                Check(copy);
            cancellation.ThrowIfCancellationRequested();
            GiveName(held);
            return result;
        }
        catch
        {
            Remove(_hasName ? Target : _partial);
            throw;
        }
    }

    static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // What made it necessary matters more, and is told. The next backup clears up after this one.
        }
    }

    void CheckTarget()
    {
        if (File.Exists(Target))
            throw new StoreFolderException(Target, "it is a file. Name a folder that does not exist yet.");
        if (Directory.Exists(Target) && Directory.EnumerateFileSystemEntries(Target).Any())
            throw new StoreFolderException(Target, "it is not empty. Name a folder that does not exist yet.");
        var source = Path.TrimEndingDirectorySeparator(_snapshot.FolderPath);
        if ((Target + Path.DirectorySeparatorChar).StartsWith(source + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new StoreFolderException(Target, "it lies within the folder of the store. Name one outside of it.");
    }

    // The lock tells a backup that is at work from one that was interrupted.
    void RemoveLeftovers(DiskFolder folder)
    {
        var names = folder.List();
        if (Directory.EnumerateDirectories(_partial).Any() || names.Any(name => !FileNames.IsOfStore(name)))
            throw new StoreFolderException(_partial, "it holds files that no backup made, and its name is needed to make one. Move it away.");
        foreach (var name in names)
            folder.Delete(name);
    }

    BackupResult Copy(DiskFolder folder, IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        var total = _snapshot.Blocks.Sum(block => block.File.LengthBytes) + _snapshot.Segments.Sum(segment => segment.File.LengthBytes);
        var done = 0L;
        var copy = new BackupCopy(
            _snapshot, folder, (from, name) => MayLink && NativeDisk.TryLink(from, Path.Combine(folder.Path, name)),
            bytes => progress?.Report(new WorkProgress(done += bytes, total)), cancellation);
        copy.Run();
        folder.Flush();
        return new BackupResult(_snapshot.Blocks.Count, copy.LinkedCount, copy.LinkedBytes, copy.SegmentCount, copy.CopiedBytes);
    }

    void GiveName(IDisposable held)
    {
        // Held as long as the name is that of half a backup; Windows moves no folder with an open file in it.
        if (OperatingSystem.IsWindows())
            held.Dispose();
        if (Directory.Exists(Target))
            Directory.Delete(Target);
        Directory.Move(_partial, Target);
        _hasName = true;
        File.Delete(Path.Combine(Target, DiskFolder.LockName));
        FlushFolder(Target);
        FlushFolder(Path.GetDirectoryName(Target)!);
    }
}
