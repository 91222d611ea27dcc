using System.Runtime.InteropServices;

namespace Clew.Otlp.Tests;

/// <summary>The other half of libzstd, which only the tests need.</summary>
static unsafe partial class LibZstdCompression
{
    public static int Bound(int length) => (int)CompressBound((nuint)length);

    public static int Compress(Span<byte> target, ReadOnlySpan<byte> source)
    {
        fixed (byte* targetStart = target, sourceStart = source)
            return (int)Compress(targetStart, (nuint)target.Length, sourceStart, (nuint)source.Length, 1);
    }

    [LibraryImport("libzstd.so.1", EntryPoint = "ZSTD_compressBound"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial nuint CompressBound(nuint length);

    [LibraryImport("libzstd.so.1", EntryPoint = "ZSTD_compress"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial nuint Compress(byte* target, nuint capacity, byte* source, nuint length, int level);
}
