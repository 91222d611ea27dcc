using System.Buffers.Binary;
using Clew.Storage.Columns;

namespace Clew.Storage.Segments;

/// <summary>What stands before every record of a segment.</summary>
/// <remarks>
/// <code>| payload bytes u32 | flushed u32 | payload crc32c u32 | header crc32c u32 |</code>
/// Little-endian; records start at multiples of 8. <c>flushed</c> is how much of the file was durable when the record was written, so that a reader can tell damage
/// (something bad below it) from a write that a crash cut short (something bad above all of them). The header's own checksum, seeded with the segment's number, lets a
/// reader find the next record behind a damaged one, and keeps another segment's bytes from being taken for it. A record without payload marks the end of a closed segment.
/// </remarks>
internal readonly record struct RecordHeader(int PayloadBytes, long FlushedBytes, uint PayloadCrc)
{
    public const int Bytes = 16;

    /// <summary>The longest payload that is written.</summary>
    public const int PayloadBytesMax = 256 << 20;

    /// <summary>Header, payload, and zeros up to the next multiple of 8.</summary>
    public long RecordBytes => Bytes + Padded(PayloadBytes);

    public static int Padded(int bytes) => (bytes + 7) & ~7;

    /// <summary>What ends a segment of which <paramref name="flushedBytes"/> are durable.</summary>
    public static byte[] EndMark(ulong segment, long flushedBytes)
    {
        var mark = new byte[Bytes];
        new RecordHeader(0, flushedBytes, 0).Write(mark, segment);
        return mark;
    }

    public void Write(Span<byte> target, ulong segment)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)PayloadBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], (uint)FlushedBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(target[8..], PayloadCrc);
        BinaryPrimitives.WriteUInt32LittleEndian(target[12..], Crc.Of(target[..12], (uint)segment));
    }

    /// <summary>Reads the header of a record that starts at <paramref name="offset"/>; false when there is none that could.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, ulong segment, long offset, out RecordHeader header)
    {
        header = default;
        if (source.Length < Bytes)
            return false;
        var payloadBytes = BinaryPrimitives.ReadUInt32LittleEndian(source);
        var flushed = BinaryPrimitives.ReadUInt32LittleEndian(source[4..]);
        // A record says that at least the file header was flushed, and never more than what lies before it.
        if (payloadBytes > PayloadBytesMax || flushed < SegmentHeader.Bytes || flushed > offset
            || Crc.Of(source[..12], (uint)segment) != BinaryPrimitives.ReadUInt32LittleEndian(source[12..]))
            return false;
        header = new RecordHeader((int)payloadBytes, flushed, BinaryPrimitives.ReadUInt32LittleEndian(source[8..]));
        return true;
    }
}
