namespace Clew.Otlp;

/// <summary>Inflates zstd frames with the system's libzstd.</summary>
internal static unsafe class Zstd
{
    const int WindowLogMaxParameter = 100;

    // 8 MiB: what RFC 8878 asks every decoder to support. A larger window would let a short body claim much memory.
    const int WindowLogMax = 23;
    const int ErrorWindowTooLarge = 16;
    const int ChunkBytes = 64 * 1024;

    public static bool IsAvailable => LibZstd.IsAvailable;

    public static DecompressionOutcome Decompress(ReadOnlySpan<byte> source, long bytesMax, PooledBuffer target)
    {
        var context = LibZstd.CreateDCtx();
        if (context == 0)
            throw new InsufficientMemoryException("libzstd could not allocate a decompression context.");
        try
        {
            _ = LibZstd.DCtxSetParameter(context, WindowLogMaxParameter, WindowLogMax);
            return Decompress(context, source, bytesMax, target);
        }
        finally
        {
            _ = LibZstd.FreeDCtx(context);
        }
    }

    static DecompressionOutcome Decompress(nint context, ReadOnlySpan<byte> source, long bytesMax, PooledBuffer target)
    {
        var countMax = target.Count + bytesMax;
        fixed (byte* sourceStart = source)
        {
            var input = new LibZstd.Buffer { Start = sourceStart, Size = (nuint)source.Length };

            // A body is one frame or several; it is whole when the last one ended (0) and nothing is left.
            for (nuint left = 1; left != 0 || input.At < input.Size;)
            {
                var free = target.GetSpan(ChunkBytes)[..ChunkBytes];
                fixed (byte* freeStart = free)
                {
                    var output = new LibZstd.Buffer { Start = freeStart, Size = (nuint)free.Length };
                    var before = input.At;
                    left = LibZstd.DecompressStream(context, &output, &input);
                    if (LibZstd.IsError(left) != 0)
                        return LibZstd.GetErrorCode(left) == ErrorWindowTooLarge ? DecompressionOutcome.TooLarge : DecompressionOutcome.Corrupt;
                    target.Advance((int)output.At);
                    if (target.Count > countMax)
                        return DecompressionOutcome.TooLarge;
                    if (left != 0 && output.At == 0 && input.At == before)
                        return DecompressionOutcome.Corrupt;
                }
            }
        }

        return DecompressionOutcome.Done;
    }
}
