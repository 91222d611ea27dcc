namespace Clew.Storage.Blocks;

/// <summary>The general compression of a chunk. The numbers are part of the format.</summary>
internal enum ChunkCodec : byte
{
    None = 0,
    Zstd = 1,
    Lz4 = 2,
}
