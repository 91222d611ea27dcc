using Clew.Model;

namespace Clew.Storage.Inspection;

/// <summary>A block in numbers.</summary>
/// <param name="ArrivedMin">No span in it arrived before this.</param>
/// <param name="ArrivedMax">No span in it arrived after this.</param>
public sealed record BlockFigures(string File, long Bytes, long SpanCount, int RowGroupCount, UnixNanos StartMin, UnixNanos StartMax, UnixNanos ArrivedMin, UnixNanos ArrivedMax, StoreLevel Level);
