using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Where a chunk lies and how to read it.</summary>
/// <remarks><code>| codec u8 | stored bytes u32 | raw bytes u32 | crc32c of the stored bytes u32 |</code> The offset follows from the chunks before it.</remarks>
internal readonly record struct ChunkInfo(ChunkCodec Codec, long Offset, int StoredBytes, int RawBytes, uint Crc)
{
    public void Write(ByteWriter to)
    {
        to.WriteByte((byte)Codec);
        to.WriteUInt32((uint)StoredBytes);
        to.WriteUInt32((uint)RawBytes);
        to.WriteUInt32(Crc);
    }

    public static ChunkInfo Read(ref ByteReader from, long offset)
    {
        var codec = (ChunkCodec)from.TakeByte();
        uint stored = from.TakeUInt32(), raw = from.TakeUInt32();
        if (stored > int.MaxValue || raw > int.MaxValue || (codec == ChunkCodec.None && stored != raw))
            from.Fail("the lengths of a chunk", $"{stored} stored, {raw} raw");
        return new ChunkInfo(codec, offset, (int)stored, (int)raw, from.TakeUInt32());
    }
}
