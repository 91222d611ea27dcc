using System.Collections.Immutable;
using Clew.Storage.Blocks;
using Clew.Storage.Head;

namespace Clew.Storage;

/// <summary>What a query sees: every acknowledged span exactly once, in the head or in a block. Replaced as a whole, never changed.</summary>
/// <param name="Segments">Oldest first.</param>
/// <param name="Blocks">In the order in which they were made.</param>
internal sealed record StoreView(ImmutableArray<HeadSegment> Segments, ImmutableArray<Block> Blocks)
{
    public static StoreView Empty { get; } = new([], []);
}
