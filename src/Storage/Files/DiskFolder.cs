using System.Globalization;

namespace Clew.Storage.Files;

/// <summary>A folder of the operating system.</summary>
internal sealed class DiskFolder : IStorageFolder
{
    /// <summary>The file that the process which has the folder open holds locked; its process id is in it.</summary>
    internal const string LockName = "lock";

    readonly DriveInfo _drive;

    DiskFolder(string path)
    {
        Path = path;
        _drive = new DriveInfo(path);
    }

    public string Path { get; }

    public long FreeBytes => _drive.AvailableFreeSpace;

    /// <summary>Opens a folder, creating it when it is missing; its parent must exist.</summary>
    /// <exception cref="StoreFolderException">The folder cannot be created, or not be written to.</exception>
    public static DiskFolder OpenOrCreate(string path) => OpenOrCreate(path, NativeDisk.FlushFolder);

    /// <param name="flushFolder">Makes the names in a folder durable.</param>
    internal static DiskFolder OpenOrCreate(string path, Action<string> flushFolder)
    {
        path = System.IO.Path.GetFullPath(path);
        if (File.Exists(path))
            throw new StoreFolderException(path, "it is a file. Choose another folder.");
        var parent = System.IO.Path.GetDirectoryName(path);
        if (parent is not null && !Directory.Exists(parent))
            throw new StoreFolderException(path, $"{parent} does not exist. Create it, or choose another folder.");
        try
        {
            if (!Directory.Exists(path))
            {
                Create(path, parent);
                // A folder that its parent forgets at a power loss takes everything acknowledged with it.
                flushFolder(parent!);
            }

            var probe = System.IO.Path.Combine(path, "probe.tmp");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new StoreFolderException(path, "it is not writable for this user. Change its owner or its permissions, or choose another folder.", denied);
        }
        catch (IOException failure) when (failure is not StoreFolderException && !DiskErrors.IsFull(failure))
        {
            throw new StoreFolderException(path, failure.Message, failure);
        }
        catch (IOException full) when (full is not StoreFolderException)
        {
            // A full disk is still readable, and appends say by themselves what is wrong.
            if (!Directory.Exists(path))
                throw new StoreFolderException(path, "there is no space left to create it.", full);
        }

        return new DiskFolder(path);
    }

    static void Create(string path, string? parent)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (IOException failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            // What the system says when the parent is there, and is of a kind that takes no folders.
            throw new StoreFolderException(path, $"it cannot be created, because {parent} does not take new folders. Choose another folder.", failure);
        }
    }

    public IDisposable Lock()
    {
        var path = In(LockName);
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException held) when (DiskErrors.IsHeldByAnother(held))
        {
            throw new StoreLockedException(Path, ReadHolder(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StoreFolderException(Path, $"its lock file cannot be opened. {failure.Message}", failure);
        }

        try
        {
            file.SetLength(0);
            file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            file.Flush();
        }
        catch (IOException failure) when (DiskErrors.IsFull(failure))
        {
            // The lock holds without its content, which only makes another process's message better.
            file.SetLength(0);
        }

        return file;
    }

    public IReadOnlyList<string> List()
    {
        var names = Directory.GetFiles(Path).Select(path => System.IO.Path.GetFileName(path)).Where(name => name != LockName).ToArray();
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    public IStorageFile Create(string name) => OpenHandle(name, FileMode.Create);

    public IStorageFile Open(string name) => OpenHandle(name, FileMode.Open);

    public IReadableFile OpenToRead(string name) => DiskFile.OpenToRead(In(name));

    public void Rename(string from, string to) => File.Move(In(from), In(to), overwrite: true);

    public void Delete(string name) => File.Delete(In(name));

    public void Flush() => NativeDisk.FlushFolder(Path);

    DiskFile OpenHandle(string name, FileMode mode)
    {
        var path = In(name);
        try
        {
            return new DiskFile(path, File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));
        }
        catch (IOException failure) when (DiskErrors.IsFull(failure))
        {
            throw new DiskFullException(path, failure);
        }
    }

    string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The process id in a lock file; 0 when there is none to be read.</summary>
    internal static int ReadHolder(string path)
    {
        try
        {
            return int.TryParse(NativeDisk.ReadText(path), CultureInfo.InvariantCulture, out var holder) ? holder : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
