namespace Clew.Storage.Inspection;

/// <summary>What one column takes in all blocks together.</summary>
/// <param name="StoredBytes">On the disk.</param>
/// <param name="RawBytes">Before general compression, encoded all the same.</param>
public sealed record ColumnFigures(string Name, long StoredBytes, long RawBytes);
