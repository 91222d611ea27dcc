namespace Clew.Storage.Files;

/// <summary>A folder of the operating system that is only looked at: nothing is written, created or locked in it, and whoever works with it notices nothing.</summary>
internal sealed class ReadOnlyFolder : IReadableFolder
{
    ReadOnlyFolder(string path) => Path = path;

    public string Path { get; }

    /// <exception cref="StoreFolderException">There is no such folder, or it cannot be read.</exception>
    public static ReadOnlyFolder Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        if (File.Exists(path))
            throw new StoreFolderException(path, "it is a file. Name the folder that holds the store.");
        if (!Directory.Exists(path))
            throw new StoreFolderException(path, "it does not exist.");
        try
        {
            _ = Directory.EnumerateFileSystemEntries(path).Any();
            return new ReadOnlyFolder(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StoreFolderException(path, failure.Message, failure);
        }
    }

    public IReadOnlyList<string> List()
    {
        var names = Directory.GetFiles(Path).Select(path => System.IO.Path.GetFileName(path)).Where(name => name != DiskFolder.LockName).ToArray();
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    public IReadableFile OpenToRead(string name) => DiskFile.OpenToRead(System.IO.Path.Combine(Path, name));

    /// <summary>Whether a store was ever opened here, even one that holds nothing yet.</summary>
    public bool HasLockFile => File.Exists(System.IO.Path.Combine(Path, DiskFolder.LockName));

    /// <summary>The process that has the store open; 0 when it is not known which one, null when there is none.</summary>
    public int? FindHolder()
    {
        var path = System.IO.Path.Combine(Path, DiskFolder.LockName);
        try
        {
            // Shared with readers, so it fails exactly while someone holds the file for himself; given back at once.
            using var probe = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return null;
        }
        catch (IOException held) when (DiskErrors.IsHeldByAnother(held))
        {
            return DiskFolder.ReadHolder(path);
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
