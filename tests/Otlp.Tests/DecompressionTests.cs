using System.IO.Compression;
using System.Text;

namespace Clew.Otlp.Tests;

public sealed class DecompressionTests
{
    static readonly byte[] Text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 40_000).Select(number => $"line {number}\n")));

    public static TheoryData<ContentCoding> Codings => [.. Available(ContentCoding.Identity, ContentCoding.Gzip, ContentCoding.Deflate, ContentCoding.Zstd)];

    public static TheoryData<ContentCoding> Compressions => [.. Available(ContentCoding.Gzip, ContentCoding.Deflate, ContentCoding.Zstd)];

    /// <summary>The formats in which bodies can be put behind each other.</summary>
    public static TheoryData<ContentCoding> Concatenable => [.. Available(ContentCoding.Gzip, ContentCoding.Zstd)];

    [Theory, MemberData(nameof(Codings))]
    public void Every_coding_gives_back_what_was_compressed(ContentCoding coding)
    {
        using var target = new PooledBuffer();
        target.Write([1, 2, 3]);
        Assert.Equal(DecompressionOutcome.Done, Decompression.TryDecompress(coding, Compressed(coding, Text), Text.Length, target));
        Assert.True(target.WrittenSpan[3..].SequenceEqual(Text));
    }

    [Theory, MemberData(nameof(Codings))]
    public void One_byte_more_than_allowed_is_too_large(ContentCoding coding)
    {
        using var target = new PooledBuffer();
        Assert.Equal(DecompressionOutcome.TooLarge, Decompression.TryDecompress(coding, Compressed(coding, Text), Text.Length - 1, target));
    }

    [Theory, MemberData(nameof(Compressions))]
    public void A_bomb_is_stopped_near_the_bound(ContentCoding coding)
    {
        var bomb = Compressed(coding, new byte[64 << 20]);
        using var target = new PooledBuffer();
        Assert.Equal(DecompressionOutcome.TooLarge, Decompression.TryDecompress(coding, bomb, 1 << 20, target));
        Assert.InRange(target.Count, 1 << 20, (1 << 20) + (64 << 10));
        Assert.InRange(target.CapacityBytes, 0, 4 << 20);
    }

    [Theory, MemberData(nameof(Compressions))]
    public void A_body_cut_anywhere_is_corrupt(ContentCoding coding)
    {
        var whole = Compressed(coding, Text.AsSpan(0, 2_000));
        using var target = new PooledBuffer();
        for (var length = 1; length < whole.Length; length++)
        {
            target.Clear();
            Assert.True(
                Decompression.TryDecompress(coding, whole.AsSpan(0, length), 1 << 20, target) == DecompressionOutcome.Corrupt, $"cut at {length} of {whole.Length}");
        }
    }

    [Theory, MemberData(nameof(Concatenable))]
    public void A_body_in_several_members_is_read_to_the_end(ContentCoding coding)
    {
        byte[] members = [.. Compressed(coding, "first "u8), .. Compressed(coding, "second"u8)];
        using var target = new PooledBuffer();
        Assert.Equal(DecompressionOutcome.Done, Decompression.TryDecompress(coding, members, 100, target));
        Assert.Equal("first second", Encoding.UTF8.GetString(target.WrittenSpan));
    }

    [Theory, MemberData(nameof(Compressions))]
    public void An_empty_content_is_allowed_and_garbage_is_not(ContentCoding coding)
    {
        using var target = new PooledBuffer();
        Assert.Equal(DecompressionOutcome.Done, Decompression.TryDecompress(coding, Compressed(coding, []), 0, target));
        Assert.Equal(0, target.Count);
        Assert.Equal(DecompressionOutcome.Corrupt, Decompression.TryDecompress(coding, "not compressed at all"u8, 1_000, target));
    }

    [Theory]
    [InlineData(null, ContentCoding.Identity)]
    [InlineData("", ContentCoding.Identity)]
    [InlineData("identity", ContentCoding.Identity)]
    [InlineData(" GZip ", ContentCoding.Gzip)]
    [InlineData("x-gzip", ContentCoding.Gzip)]
    [InlineData("deflate", ContentCoding.Deflate)]
    [InlineData("zstd", ContentCoding.Zstd)]
    public void Codings_are_recognized_by_their_header(string? header, ContentCoding expected)
    {
        Assert.True(Decompression.TryParseCoding(header, out var coding));
        Assert.Equal(expected, coding);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip, gzip")]
    [InlineData("gzipx")]
    public void Other_codings_are_not(string header) => Assert.False(Decompression.TryParseCoding(header, out _));

    [Fact]
    public void Only_zstd_depends_on_the_system()
    {
        Assert.True(Decompression.IsAvailable(ContentCoding.Identity) && Decompression.IsAvailable(ContentCoding.Gzip) && Decompression.IsAvailable(ContentCoding.Deflate));
        Assert.Equal(Decompression.IsZstdAvailable, Decompression.IsAvailable(ContentCoding.Zstd));
        using var target = new PooledBuffer();
        var outcome = Decompression.TryDecompress(ContentCoding.Zstd, [0x28, 0xB5, 0x2F, 0xFD], 100, target);
        Assert.Equal(Decompression.IsZstdAvailable ? DecompressionOutcome.Corrupt : DecompressionOutcome.Unsupported, outcome);
    }

    static IEnumerable<ContentCoding> Available(params ContentCoding[] codings) => codings.Where(Decompression.IsAvailable);

    internal static byte[] Compressed(ContentCoding coding, ReadOnlySpan<byte> content)
    {
        if (coding == ContentCoding.Identity)
            return content.ToArray();
        if (coding == ContentCoding.Zstd)
            return ZstdOf(content);
        var target = new MemoryStream();
        using (Stream compressing = coding == ContentCoding.Gzip ? new GZipStream(target, CompressionLevel.Fastest) : new ZLibStream(target, CompressionLevel.Fastest))
            compressing.Write(content);
        return target.ToArray();
    }

    static byte[] ZstdOf(ReadOnlySpan<byte> content)
    {
        var target = new byte[LibZstdCompression.Bound(content.Length)];
        return target[..LibZstdCompression.Compress(target, content)];
    }
}
