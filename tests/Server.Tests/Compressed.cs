using System.IO.Compression;

namespace Clew.Server.Tests;

internal static class Compressed
{
    public static byte[] Gzip(byte[] content)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Optimal))
            gzip.Write(content);
        return target.ToArray();
    }

    /// <summary>A raw zstd frame: one uncompressed block, which every decoder must read (RFC 8878).</summary>
    public static byte[] Zstd(byte[] content)
    {
        Assert.InRange(content.Length, 0, 255);
        var block = (content.Length << 3) | 1;
        return [0x28, 0xB5, 0x2F, 0xFD, 0x20, (byte)content.Length, (byte)block, (byte)(block >> 8), (byte)(block >> 16), .. content];
    }

    /// <summary>A small body that becomes that many zeros.</summary>
    public static byte[] Bomb(int bytes) => Gzip(new byte[bytes]);
}
