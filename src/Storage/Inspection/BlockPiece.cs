using Clew.Storage.Columns;

namespace Clew.Storage.Inspection;

/// <summary>A stretch of a block that one checksum covers.</summary>
/// <param name="Name">What it holds; the same for pieces that hold the same of different row groups.</param>
/// <param name="Use">What is lost without it.</param>
/// <param name="Group">The row group it belongs to; -1 for the whole block.</param>
/// <param name="RawBytes">Its size without general compression.</param>
/// <param name="Check">Tells from its bytes whether they are as written.</param>
internal readonly record struct BlockPiece(string Name, PieceUse Use, int Group, long Offset, int Bytes, int RawBytes, Predicate<ReadOnlyMemory<byte>> Check)
{
    public string Description => Group < 0 ? Name : $"{Name}, row group {Group}";

    public long End => Offset + Bytes;

    /// <summary>A checksum that stands elsewhere.</summary>
    public static Predicate<ReadOnlyMemory<byte>> HasCrc(uint crc) => bytes => Crc.Of(bytes.Span) == crc;

    /// <summary>A checksum in the last four bytes, over those before.</summary>
    public static bool EndsWithCrc(ReadOnlyMemory<byte> bytes) =>
        bytes.Length >= 4 && Crc.Of(bytes.Span[..^4]) == System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[^4..]);

    /// <summary>A checksum in the first four bytes, over those behind.</summary>
    public static bool BeginsWithCrc(ReadOnlyMemory<byte> bytes) =>
        bytes.Length >= 4 && Crc.Of(bytes.Span[4..]) == System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span);

    /// <summary>Was compared when the file was opened.</summary>
    public static bool WasCompared(ReadOnlyMemory<byte> bytes) => !bytes.IsEmpty;
}
