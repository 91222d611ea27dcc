using System.Runtime.InteropServices;

namespace Clew.Otlp;

/// <summary>The few functions of libzstd that decompress. Source: zstd.h, version 1.4.0 and later.</summary>
internal static unsafe partial class LibZstd
{
    public const string Name = "libzstd.so.1";

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
