using Clew.Model;

namespace Clew.Storage.Inspection;

/// <summary>A block in numbers.</summary>
/// <param name="Arrived">When the newest of its spans arrived, about.</param>
public sealed record BlockFigures(string File, long Bytes, long SpanCount, int RowGroupCount, UnixNanos StartMin, UnixNanos StartMax, UnixNanos Arrived);
