using Clew.Model;

namespace Clew.Storage.Blocks;

/// <summary>What the manifest says of a block: enough to open the store, and to decide what becomes of it, without reading the block.</summary>
/// <param name="ArrivedMin">No span in it arrived before this.</param>
/// <param name="ArrivedMax">No span in it arrived after this.</param>
internal readonly record struct BlockSummary(
    ulong Id, long Bytes, long SpanCount, UnixNanos StartMin, UnixNanos StartMax, UnixNanos ArrivedMin, UnixNanos ArrivedMax, StoreLevel Level, BlockPlace Place)
{
    /// <summary>Where it is not in the folder: see <see cref="BlockObject"/>.</summary>
    public ulong Tag { get; init; }

    public BlockObject Object => new(Place, Id, Tag);

    public static BlockSummary Of(ulong id, long bytes, BlockIndex index) => new(
        id, bytes, index.SpanCount, index.StartMin, index.StartMax, index.Origin.ArrivedMin, index.Origin.ArrivedMax, index.Origin.Level, BlockPlace.Folder);
}
