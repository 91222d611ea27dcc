using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Clew.Storage.Blocks;

/// <summary>libzstd, where the system has it. Contexts are kept for reuse: making one costs more than compressing a small chunk.</summary>
internal static unsafe partial class Zstd
{
    const string Library = "libzstd";
    const int LibraryMajor = 1;

    static readonly ConcurrentBag<nint> Compressors = [];
    static readonly ConcurrentBag<nint> Decompressors = [];

    static readonly nint Handle;

    // Without it, calling a function of the library need not initialize the class, and the loader would not find the library by the name used here.
    [SuppressMessage("Performance", "CA1810", Justification = "The initialization has to come before the first call, not before the first use of a field.")]
    static Zstd() => Handle = Load();

    /// <summary>Whether the library can be used.</summary>
    public static bool IsAvailable => Handle != 0;

    /// <summary>Room that compressing <paramref name="bytes"/> bytes may take at worst.</summary>
    public static int BoundOf(int bytes) => checked((int)ZSTD_compressBound((nuint)bytes));

    /// <returns>The number of bytes written to <paramref name="target"/>, which has at least <see cref="BoundOf"/> bytes.</returns>
    public static int Compress(ReadOnlySpan<byte> source, Span<byte> target, int level)
    {
        var context = Compressors.TryTake(out var kept) ? kept : ZSTD_createCCtx();
        try
        {
            fixed (byte* from = source)
            fixed (byte* to = target)
            {
                var written = ZSTD_compressCCtx(context, to, (nuint)target.Length, from, (nuint)source.Length, level);
                return ZSTD_isError(written) == 0 ? (int)written : throw new InvalidOperationException("libzstd could not compress into the room it asked for.");
            }
        }
        finally
        {
            Compressors.Add(context);
        }
    }

    /// <summary>Whether <paramref name="source"/> says itself that it is a frame of so many bytes, and can be one: no block of it is shorter than four bytes or stands for more than 128 KiB.</summary>
    public static bool CanBecome(ReadOnlySpan<byte> source, int bytes)
    {
        const int BlockBytesMin = 4, BlockRawBytesMax = 128 << 10;
        fixed (byte* from = source)
            return ZSTD_getFrameContentSize(from, (nuint)source.Length) == (ulong)bytes && bytes <= source.Length / BlockBytesMin * (long)BlockRawBytesMax;
    }

    /// <returns>False unless <paramref name="source"/> is a frame of exactly <paramref name="target"/>'s length.</returns>
    public static bool TryDecompress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var context = Decompressors.TryTake(out var kept) ? kept : ZSTD_createDCtx();
        try
        {
            fixed (byte* from = source)
            fixed (byte* to = target)
            {
                var written = ZSTD_decompressDCtx(context, to, (nuint)target.Length, from, (nuint)source.Length);
                return ZSTD_isError(written) == 0 && written == (nuint)target.Length;
            }
        }
        finally
        {
            Decompressors.Add(context);
        }
    }

    static nint Load()
    {
        NativeLibrary.SetDllImportResolver(typeof(Zstd).Assembly, (name, _, _) => name == Library ? Handle : 0);
        foreach (var name in (ReadOnlySpan<string>)[$"libzstd.so.{LibraryMajor}", $"libzstd.{LibraryMajor}.dylib", "libzstd.dll", "zstd.dll"])
        {
            if (NativeLibrary.TryLoad(name, typeof(Zstd).Assembly, null, out var handle))
                return handle;
        }

        return 0;
    }

    [LibraryImport(Library)]
    private static partial nuint ZSTD_compressBound(nuint bytes);

    [LibraryImport(Library)]
    private static partial uint ZSTD_isError(nuint code);

    // The largest two numbers when it is not known, or not a frame.
    [LibraryImport(Library)]
    private static partial ulong ZSTD_getFrameContentSize(byte* source, nuint sourceBytes);

    [LibraryImport(Library)]
    private static partial nint ZSTD_createCCtx();

    [LibraryImport(Library)]
    private static partial nint ZSTD_createDCtx();

    [LibraryImport(Library)]
    private static partial nuint ZSTD_compressCCtx(nint context, byte* target, nuint targetBytes, byte* source, nuint sourceBytes, int level);

    [LibraryImport(Library)]
    private static partial nuint ZSTD_decompressDCtx(nint context, byte* target, nuint targetBytes, byte* source, nuint sourceBytes);
}
