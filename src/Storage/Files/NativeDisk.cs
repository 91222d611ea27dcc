using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Clew.Storage.Files;

/// <summary>What the disk can do and the framework does not offer. Linux has all of it; elsewhere the nearest portable call stands in.</summary>
internal static partial class NativeDisk
{
    const int Interrupted = 4, NotSupported = 95, InvalidArgument = 22, NoSystemCall = 38;

    /// <summary>
    /// Makes a file's content and length durable. Linux: <c>fdatasync</c>, which leaves out the modification time and so, within preallocated space, often
    /// saves a journal write. Elsewhere: the framework's flush, which is <c>F_FULLFSYNC</c> on macOS and <c>FlushFileBuffers</c> on Windows.
    /// </summary>
    public static void FlushData(SafeFileHandle handle, string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(handle);
            return;
        }

        Check(fdatasync(handle), "flush", path);
    }

    /// <summary>Extends a file with zeros; on Linux with the blocks reserved, so that writing into it cannot run out of space (copy-on-write file systems aside).</summary>
    public static void Extend(SafeFileHandle handle, string path, long lengthBytes)
    {
        if (OperatingSystem.IsLinux())
        {
            var from = RandomAccess.GetLength(handle);
            var error = Retry(() => fallocate(handle, 0, from, lengthBytes - from));
            if (error == 0)
                return;
            if (error is not (NotSupported or InvalidArgument or NoSystemCall))
                throw Failure("preallocate", path, error);
        }

        RandomAccess.SetLength(handle, lengthBytes);
    }

    /// <summary>Makes creations, renames and deletions in a folder durable. Windows does that by itself with the file.</summary>
    public static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        using var handle = OpenToRead(path);
        Check(fsync(handle), "flush", path);
    }

    /// <summary>Gives a file a second name on the same file system; false when that cannot be done, for whatever reason.</summary>
    public static bool TryLink(string path, string second) => !OperatingSystem.IsWindows() && link(path, second) == 0;

    /// <summary>Reads a short text without asking for the lock that the framework takes on every file it opens; empty on Windows, where the lock is mandatory.</summary>
    public static string ReadText(string path)
    {
        if (OperatingSystem.IsWindows())
            return "";
        using var handle = OpenToRead(path);
        Span<byte> text = stackalloc byte[64];
        return System.Text.Encoding.ASCII.GetString(text[..RandomAccess.Read(handle, text, 0)]);
    }

    static SafeFileHandle OpenToRead(string path)
    {
        var descriptor = open(path, 0);
        if (descriptor < 0)
            throw Failure("open", path, Marshal.GetLastPInvokeError());
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    static void Check(int result, string verb, string path)
    {
        if (result != 0)
            throw Failure(verb, path, Marshal.GetLastPInvokeError());
    }

    static int Retry(Func<int> call)
    {
        while (true)
        {
            if (call() == 0)
                return 0;
            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
                return error;
        }
    }

    static IOException Failure(string verb, string path, int error) => DiskErrors.IsFull(error)
        ? new DiskFullException(path)
        : new IOException($"Could not {verb} {path}: {Marshal.GetPInvokeErrorMessage(error)} (error {error}).", error);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fdatasync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fallocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string path, string second);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);
}
