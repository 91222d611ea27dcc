using System.Collections.Concurrent;
using System.Globalization;
using Clew.Storage.Columns;
using Clew.Storage.Files;

namespace Clew.Storage.Buckets;

/// <summary>A folder as a bucket: a second disk, or whatever is mounted there.</summary>
/// <remarks>
/// An object is a file, written under a temporary name beside it, flushed, and moved to its own. Small objects are swapped under a lock file, which holds on every file
/// system that knows locks. The folder itself is never created: one that is missing is most likely not mounted.
/// </remarks>
/// <param name="root">Absolute.</param>
/// <param name="setting">The key of the configuration that named it, for advice.</param>
internal sealed class DirectoryBucket(string root, string setting) : IBucket
{
    const string Temporary = ".tmp", Lock = ".lock";
    const int CopyBytes = 1 << 20, InvalidArgument = 22, NotSupported = 95;

    readonly ConcurrentDictionary<string, bool> _durable = new(StringComparer.Ordinal);

    /// <summary>Makes the names in a folder durable.</summary>
    public Action<string> FlushFolder { get; init; } = NativeDisk.FlushFolder;

    public string Location => root;

    public string NameOf(string key) => Path.Combine(root, key);

    public bool TryCreate(string key, IReadableFile content, CancellationToken cancellation) => Do(key, "written", () =>
    {
        var path = PathToWrite(key);
        if (File.Exists(path))
            return false;
        var temporary = TemporaryFor(path);
        try
        {
            Copy(content, temporary, cancellation);
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(temporary);
            return false;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        FlushNames(Path.GetDirectoryName(path)!);
        return true;
    });

    public long? FindLength(string key, CancellationToken cancellation) => Do(key, "found", () =>
    {
        var file = new FileInfo(PathOf(key));
        return file.Exists ? file.Length : (long?)null;
    });

    public int Read(string key, long offset, Memory<byte> target, CancellationToken cancellation) => Do(key, "read", () =>
    {
        using var handle = File.OpenHandle(PathOf(key), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var file = new DiskFile(NameOf(key), handle);
        return file.Read(offset, target.Span);
    });

    public void Delete(string key, CancellationToken cancellation) => Do(key, "deleted", () =>
    {
        var path = PathOf(key);
        if (File.Exists(path))
        {
            File.Delete(path);
            FlushNames(Path.GetDirectoryName(path)!);
        }

        return true;
    });

    public IReadOnlyList<BucketObject> List(string prefix, CancellationToken cancellation) => Do(prefix, "listed", () =>
        Files(prefix).Where(file => !IsOwnTrace(file.Key)).OrderBy(file => file.Key, StringComparer.Ordinal).ToArray());

    public void RemoveUnfinished(string prefix, CancellationToken cancellation) => Do(prefix, "tidied", () =>
    {
        foreach (var file in Files(prefix).Where(file => file.Key.EndsWith(Temporary, StringComparison.Ordinal)))
            File.Delete(PathOf(file.Key));
        return true;
    });

    public SmallObject? FindSmall(string key, CancellationToken cancellation) => Do(key, "read", () => ReadSmall(PathOf(key)));

    public string? TrySwap(string key, ReadOnlyMemory<byte> content, string? version, CancellationToken cancellation) => Do(key, "written", () =>
    {
        var path = PathToWrite(key);
        using var held = TryLock(path + Lock);
        if (held is null || ReadSmall(path)?.Version != version)
            return null;
        var temporary = TemporaryFor(path);
        using (var file = new DiskFile(temporary, File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.ReadWrite)))
        {
            file.Write(0, [content]);
            file.Flush();
        }

        File.Move(temporary, path, overwrite: true);
        FlushNames(Path.GetDirectoryName(path)!);
        return VersionOf(content.Span);
    });

    public void Dispose()
    {
        // Files are open only while they are read or written.
    }

    static SmallObject? ReadSmall(string path)
    {
        if (!File.Exists(path))
            return null;
        var content = File.ReadAllBytes(path);
        return new SmallObject(content, VersionOf(content));
    }

    static string VersionOf(ReadOnlySpan<byte> content) => StableHash.Of(content).ToString("x16", CultureInfo.InvariantCulture);

    static string TemporaryFor(string path) => $"{path}.{Guid.NewGuid():n}{Temporary}";

    static bool IsOwnTrace(string key) => key.EndsWith(Temporary, StringComparison.Ordinal) || key.EndsWith(Lock, StringComparison.Ordinal);

    static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException held) when (DiskErrors.IsHeldByAnother(held))
        {
            return null;
        }
    }

    static void Copy(IReadableFile content, string path, CancellationToken cancellation)
    {
        using var file = new DiskFile(path, File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite));
        var buffer = new byte[(int)Math.Min(CopyBytes, content.LengthBytes)];
        for (var offset = 0L; offset < content.LengthBytes;)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = content.Read(offset, buffer);
            if (count == 0)
                throw new EndOfStreamException($"{content.Path} ends at {offset}, before the {content.LengthBytes} bytes it is said to have.");
            file.Write(offset, [buffer.AsMemory(0, count)]);
            offset += count;
        }

        file.Flush();
    }

    void FlushNames(string folder)
    {
        try
        {
            FlushFolder(folder);
        }
        catch (IOException failure) when (failure.HResult is InvalidArgument or NotSupported)
        {
            // Some network file systems have no such call: their names are durable when the call that made them returns.
        }
    }

    IEnumerable<BucketObject> Files(string prefix)
    {
        RequireRoot();
        return new DirectoryInfo(root).EnumerateFiles("*", SearchOption.AllDirectories)
            .Select(file => new BucketObject(Path.GetRelativePath(root, file.FullName).Replace(Path.DirectorySeparatorChar, '/'), file.Length))
            .Where(file => file.Key.StartsWith(prefix, StringComparison.Ordinal));
    }

    string PathOf(string key)
    {
        RequireRoot();
        return Path.Combine(root, key.Replace('/', Path.DirectorySeparatorChar));
    }

    string PathToWrite(string key)
    {
        var path = PathOf(key);
        var folder = Path.GetDirectoryName(path)!;
        if (Directory.Exists(folder) && _durable.ContainsKey(folder))
            return path;
        // One that is there already may have been made by a process that did not live to make it durable.
        Directory.CreateDirectory(folder);
        for (var parent = Path.GetDirectoryName(folder)!; parent.Length >= root.Length; parent = Path.GetDirectoryName(parent)!)
            FlushNames(parent);
        _durable.TryAdd(folder, true);
        return path;
    }

    void RequireRoot()
    {
        if (!Directory.Exists(root))
            throw new DirectoryNotFoundException($"the folder {root} does not exist");
    }

    T Do<T>(string key, string verb, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (FileNotFoundException missing)
        {
            throw new BucketException(NameOf(key), verb, BucketFailure.Missing, "there is no such file", "Somebody else has deleted or moved it.", missing);
        }
        catch (DirectoryNotFoundException) when (Directory.Exists(root))
        {
            throw new BucketException(NameOf(key), verb, BucketFailure.Missing, "there is no such file", "Somebody else has deleted or moved it.");
        }
        catch (DirectoryNotFoundException missing)
        {
            throw new BucketException(NameOf(key), verb, BucketFailure.Unavailable, $"{root} does not exist", $"Mount or create it, or correct {setting}.directory.", missing);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new BucketException(NameOf(key), verb, BucketFailure.Refused, denied.Message, $"Let this user read and write there, or correct {setting}.directory.", denied);
        }
        catch (IOException failure) when (DiskErrors.IsFull(failure))
        {
            throw new BucketException(NameOf(key), verb, BucketFailure.Unavailable, "there is no space left", "Make room there.", failure);
        }
        catch (IOException failure)
        {
            throw new BucketException(NameOf(key), verb, BucketFailure.Unavailable, failure.Message, "Check the disk or the mount.", failure);
        }
    }
}
