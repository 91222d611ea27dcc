namespace Clew.Storage.Compaction;

/// <summary>What an offline compaction made of a store.</summary>
/// <param name="Damage">What could not be read, and was left alone, in words.</param>
public sealed record CompactionResult(int BlocksBefore, long BytesBefore, int BlocksAfter, long BytesAfter, IReadOnlyList<string> Damage);
