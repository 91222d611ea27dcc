using Clew.Model;

namespace Clew.Storage.Blocks;

/// <summary>What the manifest says of a block: enough to open the store, and to decide what becomes of it, without reading the block.</summary>
/// <param name="SpanCount">0 when it is not known: see <see cref="Unknown"/>.</param>
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

    /// <summary>What is known of an object whose footer is damaged when no manifest says more: any query may miss something in it, and it expires as if it had arrived when it was found.</summary>
    public static BlockSummary Unknown(BlockObject item, long bytes, UnixNanos foundAt)
    {
        var level = item.Place == BlockPlace.WarmBucket ? StoreLevel.Warm : StoreLevel.Cold;
        return new BlockSummary(item.Block, bytes, 0, UnixNanos.MinValue, UnixNanos.MaxValue, UnixNanos.MinValue, foundAt, level, item.Place) { Tag = item.Tag };
    }

    /// <summary>How many spans are in it, and of when, is not known.</summary>
    public bool IsUnknown => SpanCount == 0;

    /// <summary>What is lost when it cannot be read, in words.</summary>
    public string AllSpans => IsUnknown
        ? "all spans of the block; without footer and manifest it is not known how many, and of when"
        : $"all {SpanCount} spans of the block, which start from {StartMin.ToDateTimeOffset():O} to {StartMax.ToDateTimeOffset():O}";
}
