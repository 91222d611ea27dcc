using Clew.Storage.Blocks;
using Clew.Storage.Files;

namespace Clew.Storage.Inspection;

/// <summary>A block of a snapshot: what the manifest says of it, and its open file.</summary>
internal sealed record SnapshotBlock(BlockSummary Summary, IReadableFile File);
