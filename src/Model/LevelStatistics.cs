namespace Clew.Model;

/// <summary>What is in the blocks of one level now.</summary>
public readonly record struct LevelStatistics(StoreLevel Level, int BlockCount, long SpanCount, long Bytes);
