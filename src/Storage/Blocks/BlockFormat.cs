namespace Clew.Storage.Blocks;

/// <summary>The outline of a block file.</summary>
/// <remarks>
/// <code>
/// | "CLEWBLCK" | version u32 = 2 | zero u32 |
/// | chunks of row group 0 | chunks of row group 1 | …   one per column that is not all zero
/// | dictionary                     shared strings, resources and scopes: a directory and its chunks
/// | trace filter | trace index pages | directories of all row groups
/// | trace index table | operations | value filters | shapes
/// | footer                         index of row groups, places of the parts above, counts
/// | footer offset u64 | footer bytes u32 | footer crc32c u32 | "CLEWBEND" |
/// </code>
/// Little-endian. Every byte but the file header's is covered by a checksum of its chunk, directory or footer. A block is never changed; see docs/formats/block.md.
/// </remarks>
internal static class BlockFormat
{
    public const int HeaderBytes = 16;
    public const int TrailerBytes = 24;
    public const uint Version = 2;

    /// <summary>No newer program will write a higher one: it is damage, which costs a block, and not a reason to refuse a start.</summary>
    public const uint VersionMax = 255;

    public static ReadOnlySpan<byte> Magic => "CLEWBLCK"u8;

    public static ReadOnlySpan<byte> EndMagic => "CLEWBEND"u8;
}
