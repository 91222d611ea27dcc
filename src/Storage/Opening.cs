using Clew.Storage.Files;
using Clew.Storage.Segments;

namespace Clew.Storage;

/// <summary>What opening a folder comes to: the lock, the contents that were found, and where numbering goes on.</summary>
internal sealed record Opening(IStorageFolder Folder, IDisposable Lock, StoreContents Contents, DamageLog Damage, Action<StorageEvent> Report, ulong NextSegment)
{
    public static Opening Run(IStorageFolder folder, Action<StorageEvent> report, CancellationToken cancellation)
    {
        var folderLock = folder.Lock();
        try
        {
            return Recover(folder, folderLock, report, cancellation);
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    static Opening Recover(IStorageFolder folder, IDisposable folderLock, Action<StorageEvent> report, CancellationToken cancellation)
    {
        var damage = new DamageLog(report);
        var contents = new StoreContents(new OperationCatalog());
        var recovery = new SegmentRecovery(folder, damage, report);
        var next = 1UL;
        foreach (var name in folder.List())
        {
            cancellation.ThrowIfCancellationRequested();
            if (name.EndsWith(FileNames.Damaged, StringComparison.Ordinal))
                damage.Add($"{Path.Combine(folder.Path, name)} was set aside earlier because part of it could not be read. Delete it when it is not needed.");
            else if (name.EndsWith(FileNames.Temporary, StringComparison.Ordinal))
                folder.Delete(name);
            else if (FileNames.TryParseSegment(name, out var id))
            {
                next = Math.Max(next, id + 1);
                if (recovery.Recover(id, cancellation) is { } segment)
                    contents.Open(segment);
            }
        }

        folder.Flush();
        return new Opening(folder, folderLock, contents, damage, report, next);
    }
}
