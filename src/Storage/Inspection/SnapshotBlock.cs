using Clew.Storage.Blocks;
using Clew.Storage.Blocks.Version1;
using Clew.Storage.Files;

namespace Clew.Storage.Inspection;

/// <summary>A block of a snapshot: what the manifest says of it, and its open file.</summary>
internal sealed record SnapshotBlock(BlockSummary Summary, IReadableFile File)
{
    /// <summary>Its parts. Not to be disposed: the file is the snapshot's.</summary>
    /// <exception cref="UnsupportedFormatException">It is of the first version, which only a start rewrites.</exception>
    public BlockFile Read() => Version1Block.Is(File)
        ? throw new UnsupportedFormatException(File.Path, "it is a block of version 1", "Start 'clew serve' on the folder once: it writes such blocks anew.")
        : new BlockFile(File);
}
