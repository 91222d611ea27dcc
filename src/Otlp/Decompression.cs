using System.IO.Compression;

namespace Clew.Otlp;

/// <summary>Inflates request bodies, never beyond a bound.</summary>
public static class Decompression
{
    const int ChunkBytes = 64 * 1024;

    /// <summary>Whether libzstd was found in this system.</summary>
    public static bool IsZstdAvailable => Zstd.IsAvailable;

    /// <summary>Whether bodies of this coding can be read in this process.</summary>
    public static bool IsAvailable(ContentCoding coding) => coding != ContentCoding.Zstd || IsZstdAvailable;

    /// <summary>Reads a <c>Content-Encoding</c> or <c>grpc-encoding</c>; none means identity.</summary>
    /// <returns>False for a coding, or a list of codings, that is not known here.</returns>
    public static bool TryParseCoding(string? header, out ContentCoding coding)
    {
        var token = header.AsSpan().Trim();
        (coding, var known) = token switch
        {
            "" => (ContentCoding.Identity, true),
            _ when token.Equals("identity", StringComparison.OrdinalIgnoreCase) => (ContentCoding.Identity, true),
            _ when token.Equals("gzip", StringComparison.OrdinalIgnoreCase) => (ContentCoding.Gzip, true),
            _ when token.Equals("x-gzip", StringComparison.OrdinalIgnoreCase) => (ContentCoding.Gzip, true),
            _ when token.Equals("deflate", StringComparison.OrdinalIgnoreCase) => (ContentCoding.Deflate, true),
            _ when token.Equals("zstd", StringComparison.OrdinalIgnoreCase) => (ContentCoding.Zstd, true),
            _ => (ContentCoding.Identity, false),
        };
        return known;
    }

    /// <summary>Appends the inflated <paramref name="source"/> to <paramref name="target"/>.</summary>
    /// <param name="bytesMax">The longest result allowed. What was written when it turns out too large or corrupt is for the caller to forget.</param>
    public static DecompressionOutcome TryDecompress(ContentCoding coding, ReadOnlySpan<byte> source, long bytesMax, PooledBuffer target)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfNegative(bytesMax);
        switch (coding)
        {
            case ContentCoding.Identity when source.Length > bytesMax: return DecompressionOutcome.TooLarge;
            case ContentCoding.Identity:
                target.Write(source);
                return DecompressionOutcome.Done;
            case ContentCoding.Zstd: return Zstd.IsAvailable ? Zstd.Decompress(source, bytesMax, target) : DecompressionOutcome.Unsupported;
            default: return Inflate(coding, source, bytesMax, target);
        }
    }

    static unsafe DecompressionOutcome Inflate(ContentCoding coding, ReadOnlySpan<byte> source, long bytesMax, PooledBuffer target)
    {
        var countBefore = target.Count;
        fixed (byte* start = source)
        {
            using var compressed = new UnmanagedMemoryStream(start, source.Length);
            using Stream inflating = coding == ContentCoding.Gzip
                ? new GZipStream(compressed, CompressionMode.Decompress)
                : new ZLibStream(compressed, CompressionMode.Decompress);
            try
            {
                int read;
                while ((read = inflating.Read(target.GetSpan(ChunkBytes)[..ChunkBytes])) > 0)
                {
                    target.Advance(read);
                    if (target.Count - countBefore > bytesMax)
                        return DecompressionOutcome.TooLarge;
                }
            }
            catch (InvalidDataException)
            {
                return DecompressionOutcome.Corrupt;
            }
        }

        return source.IsEmpty ? DecompressionOutcome.Corrupt : DecompressionOutcome.Done;
    }
}
