namespace Clew.Storage.Inspection;

/// <summary>A segment in numbers.</summary>
/// <param name="Bytes">What is written; the file may be longer, by space reserved for more.</param>
public sealed record SegmentFigures(string File, long Bytes, long SpanCount, int BatchCount);
