namespace Clew.Storage.Inspection;

/// <summary>What a backup consists of.</summary>
/// <param name="LinkedCount">Blocks that share their bytes with the store, as a second name of the same file.</param>
/// <param name="CopiedBytes">What was copied: segments, and blocks on another file system.</param>
public sealed record BackupResult(int BlockCount, int LinkedCount, long LinkedBytes, int SegmentCount, long CopiedBytes);
