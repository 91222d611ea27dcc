using System.IO.Compression;

namespace Clew.Otlp;

/// <summary>Inflates request bodies, never beyond a bound.</summary>
public static class Decompression
{
    const int ChunkBytes = 64 * 1024;

    // The runtime takes a gzip body that ends early for a short one. So a member of our own follows every body: only if its content comes out last was the body
    // whole. (zlib needs no such trick: its inflater asks for more input exactly when it is not finished.)
    static readonly byte[] EndMarker = [.. "Clew: end of body"u8];
    static readonly byte[] EndMember = Gzip(EndMarker);

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
            case var _ when source.IsEmpty: return DecompressionOutcome.Done; // Some compressors, the runtime's among them, make nothing of nothing.
            case ContentCoding.Zstd: return Zstd.IsAvailable ? Zstd.Decompress(source, bytesMax, target) : DecompressionOutcome.Unsupported;
            default: return Inflate(coding, source, bytesMax, target);
        }
    }

    static unsafe DecompressionOutcome Inflate(ContentCoding coding, ReadOnlySpan<byte> source, long bytesMax, PooledBuffer target)
    {
        var isGzip = coding == ContentCoding.Gzip;
        var countMax = target.Count + bytesMax + (isGzip ? EndMarker.Length : 0);
        fixed (byte* start = source)
        {
            using var body = new CompressedBody(start, source.Length, isGzip ? EndMember : []);
            using Stream inflating = isGzip ? new GZipStream(body, CompressionMode.Decompress) : new ZLibStream(body, CompressionMode.Decompress);
            try
            {
                int read;
                while ((read = inflating.Read(target.GetSpan(ChunkBytes)[..ChunkBytes])) > 0)
                {
                    target.Advance(read);
                    if (target.Count > countMax)
                        return DecompressionOutcome.TooLarge;
                }
            }
            catch (Exception damage) when (damage is InvalidDataException or IOException)
            {
                // The second comes from zlib for what it cannot do, a preset dictionary for example: there is no other input or output here.
                return DecompressionOutcome.Corrupt;
            }

            return (isGzip ? TakeEndMarker(target) : !body.WasReadPastEnd) ? DecompressionOutcome.Done : DecompressionOutcome.Corrupt;
        }
    }

    static bool TakeEndMarker(PooledBuffer target)
    {
        if (!target.WrittenSpan.EndsWith(EndMarker))
            return false;
        target.Truncate(target.Count - EndMarker.Length);
        return true;
    }

    static byte[] Gzip(ReadOnlySpan<byte> content)
    {
        var target = new MemoryStream();
        using (var compressing = new GZipStream(target, CompressionLevel.Fastest))
            compressing.Write(content);
        return target.ToArray();
    }
}
