namespace Clew.Model;

/// <summary>What was removed from one level for one cause, since the store was created.</summary>
/// <param name="Bytes">Of the blocks on disk.</param>
public readonly record struct ExpiredSpans(StoreLevel Level, ExpiryCause Cause, long BlockCount, long SpanCount, long Bytes);
