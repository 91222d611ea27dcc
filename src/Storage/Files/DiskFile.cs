using Microsoft.Win32.SafeHandles;

namespace Clew.Storage.Files;

/// <summary>A file of the operating system.</summary>
internal sealed class DiskFile(string path, SafeFileHandle handle) : IStorageFile
{
    /// <summary>Opens a file to read it, in the way of nobody who writes to it, renames it or deletes it.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static DiskFile OpenToRead(string path) =>
        new(path, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));

    public string Path => path;

    public long LengthBytes => RandomAccess.GetLength(handle);

    public void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        try
        {
            RandomAccess.Write(handle, parts, offset);
        }
        catch (IOException failure) when (DiskErrors.IsFull(failure))
        {
            throw new DiskFullException(path, failure);
        }
    }

    public int Read(long offset, Span<byte> target)
    {
        var count = 0;
        while (count < target.Length)
        {
            var read = RandomAccess.Read(handle, target[count..], offset + count);
            if (read == 0)
                break;
            count += read;
        }

        return count;
    }

    public void Flush() => NativeDisk.FlushData(handle, path);

    public void Preallocate(long lengthBytes)
    {
        if (lengthBytes > LengthBytes)
            NativeDisk.Extend(handle, path, lengthBytes);
    }

    public void Truncate(long lengthBytes) => RandomAccess.SetLength(handle, lengthBytes);

    public void Dispose() => handle.Dispose();
}
