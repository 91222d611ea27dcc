using Clew.Model;

namespace Clew.Storage.Blocks;

/// <summary>Where a block's spans come from.</summary>
/// <param name="Arrived">When the newest of its segments was begun.</param>
internal readonly record struct BlockOrigin(ulong FirstSegment, ulong LastSegment, UnixNanos Arrived);
