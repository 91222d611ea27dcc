namespace Clew.Storage.Blocks;

/// <summary>The outline of a block file.</summary>
/// <remarks>
/// <code>
/// | "CLEWBLCK" | version u32 = 3 | zero u32 |
/// | chunks of row group 0 | chunks of row group 1 | …   one per column that is not all zero
/// | dictionary                     shared strings, resources and scopes: a directory and its chunks
/// | trace filter | trace index pages | value index pages | directories of all row groups
/// | trace index table | operations | value index table | shapes
/// | footer                         index of row groups, places of the parts above, counts
/// | footer offset u64 | footer bytes u32 | footer crc32c u32 | "CLEWEND3" |
/// </code>
/// Little-endian. Every byte but the file header's is covered by a checksum of its chunk, directory or footer. A block is never changed; see docs/formats/block.md.
/// </remarks>
internal static class BlockFormat
{
    public const int HeaderBytes = 16;
    public const int TrailerBytes = 24;
    public const uint Version = 3;

    /// <summary>With a filter per row group in place of the value index, see <see cref="Version2.Version2Filters"/>. Read like today's.</summary>
    public const uint Version2 = 2;

    /// <summary>No newer program will write a higher one: it is damage, which costs a block, and not a reason to refuse a start.</summary>
    public const uint VersionMax = 255;

    public static ReadOnlySpan<byte> Magic => "CLEWBLCK"u8;

    /// <summary>Other than that of the versions before: no bit that flips makes a block of one version one of another.</summary>
    public static ReadOnlySpan<byte> EndMagic => "CLEWEND3"u8;

    public static ReadOnlySpan<byte> EndMagicBefore3 => "CLEWBEND"u8;
}
