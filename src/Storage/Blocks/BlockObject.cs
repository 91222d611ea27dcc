namespace Clew.Storage.Blocks;

/// <summary>A block's object in the bucket of a level: which bucket, which block, and what tells this object from any other attempt to put the block there.</summary>
/// <param name="Tag">Drawn at random for each upload.</param>
internal readonly record struct BlockObject(BlockPlace Place, ulong Block, ulong Tag);
