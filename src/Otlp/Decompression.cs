namespace Clew.Otlp;

/// <summary>Inflates request bodies, never beyond a bound.</summary>
public static class Decompression
{
    /// <summary>Whether libzstd was found in this system.</summary>
    public static bool IsZstdAvailable => false;

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
    /// <param name="bytesMax">The longest result allowed; memory use stays within it and one chunk.</param>
    public static DecompressionOutcome TryDecompress(ContentCoding coding, ReadOnlySpan<byte> source, long bytesMax, PooledBuffer target) =>
        throw new NotSupportedException();
}
