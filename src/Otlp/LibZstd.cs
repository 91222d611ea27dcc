using System.Runtime.InteropServices;

namespace Clew.Otlp;

/// <summary>The few functions of libzstd that decompress. Source: zstd.h, version 1.4.0 and later.</summary>
internal static unsafe partial class LibZstd
{
    const string Name = "libzstd";
    const int LibraryMajor = 1;

    static readonly nint Handle = Load();

    /// <summary>Whether this machine has the library.</summary>
    public static bool IsAvailable => Handle != 0;

    // Storage has the same list: where blocks can be compressed, so can requests be.
    static nint Load()
    {
        NativeLibrary.SetDllImportResolver(typeof(LibZstd).Assembly, (name, _, _) => name == Name ? Handle : 0);
        foreach (var name in (ReadOnlySpan<string>)[$"libzstd.so.{LibraryMajor}", $"libzstd.{LibraryMajor}.dylib", "libzstd.dll", "zstd.dll"])
        {
            if (NativeLibrary.TryLoad(name, typeof(LibZstd).Assembly, null, out var handle))
                return handle;
        }

        return 0;
    }

    [LibraryImport(Name, EntryPoint = "ZSTD_createDCtx"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint CreateDCtx();

    [LibraryImport(Name, EntryPoint = "ZSTD_freeDCtx"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nuint FreeDCtx(nint context);

    [LibraryImport(Name, EntryPoint = "ZSTD_DCtx_setParameter"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nuint DCtxSetParameter(nint context, int parameter, int value);

    [LibraryImport(Name, EntryPoint = "ZSTD_decompressStream"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nuint DecompressStream(nint context, Buffer* output, Buffer* input);

    [LibraryImport(Name, EntryPoint = "ZSTD_isError"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial uint IsError(nuint code);

    [LibraryImport(Name, EntryPoint = "ZSTD_getErrorCode"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int GetErrorCode(nuint code);

    /// <summary><c>ZSTD_inBuffer</c> and <c>ZSTD_outBuffer</c>, which have one layout.</summary>
    public struct Buffer
    {
        public byte* Start;
        public nuint Size;
        public nuint At;
    }
}
