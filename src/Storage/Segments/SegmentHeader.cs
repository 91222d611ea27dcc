using System.Buffers.Binary;
using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Segments;

/// <summary>The first bytes of a segment.</summary>
/// <remarks><code>| "CLEWSEGM" | version u32 = 1 | zero u32 | segment number u64 | created u64, Unix nanoseconds | zero u32 | crc32c of all before u32 |</code></remarks>
internal readonly record struct SegmentHeader(ulong Segment, UnixNanos Created)
{
    public const int Bytes = 40;

    const uint Version = 1;

    static ReadOnlySpan<byte> Magic => "CLEWSEGM"u8;

    public byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), Segment);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), Created.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(36), Crc.Of(bytes.AsSpan(0, 36)));
        return bytes;
    }

    /// <exception cref="CorruptFileException">These are not the first bytes of that segment, or of a version this program cannot read.</exception>
    public static SegmentHeader Read(ReadOnlySpan<byte> source, ulong segment, string path)
    {
        if (source.Length < Bytes || !source[..8].SequenceEqual(Magic))
            throw new CorruptFileException(path, 0, "the header of a segment", "something else");
        if (Crc.Of(source[..36]) != BinaryPrimitives.ReadUInt32LittleEndian(source[36..]))
            throw new CorruptFileException(path, 0, "the checksum of the header", "another");
        if (BinaryPrimitives.ReadUInt32LittleEndian(source[8..]) is var version && version != Version)
            throw new UnsupportedFormatException(path, $"segment version {version}");
        if (BinaryPrimitives.ReadUInt64LittleEndian(source[16..]) is var number && number != segment)
            throw new CorruptFileException(path, 16, $"segment {segment}", $"{number}");
        return new SegmentHeader(segment, new UnixNanos(BinaryPrimitives.ReadUInt64LittleEndian(source[24..])));
    }
}
