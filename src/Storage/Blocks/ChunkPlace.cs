using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Where a chunk lies in its file, its checksum included.</summary>
/// <remarks><code>| offset u64 | bytes u64 |</code></remarks>
internal readonly record struct ChunkPlace(long Offset, int Bytes)
{
    /// <summary>No chunk is shorter: checksum and codec.</summary>
    public const int BytesMin = 5;

    public void Write(ByteWriter to)
    {
        to.WriteUInt64((ulong)Offset);
        to.WriteUInt64((ulong)Bytes);
    }

    /// <param name="end">Chunks lie before this.</param>
    public static ChunkPlace Read(ref ByteReader from, long end)
    {
        ulong offset = from.TakeUInt64(), bytes = from.TakeUInt64();
        if (bytes < BytesMin || bytes > (ulong)Array.MaxLength || offset > (ulong)end || bytes > (ulong)end - offset)
            from.Fail($"a chunk before {end}", $"{bytes} bytes at {offset}");
        return new ChunkPlace((long)offset, (int)bytes);
    }
}
