using Clew.Model;

namespace Clew.Storage.Blocks;

/// <summary>What the manifest says of a block: enough to open the store without opening its blocks.</summary>
internal readonly record struct BlockSummary(ulong Id, long Bytes, long SpanCount, UnixNanos StartMin, UnixNanos StartMax, UnixNanos Arrived)
{
    public static BlockSummary Of(ulong id, long bytes, BlockIndex index) => new(id, bytes, index.SpanCount, index.StartMin, index.StartMax, index.Arrived);
}
