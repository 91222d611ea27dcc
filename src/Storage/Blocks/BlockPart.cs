namespace Clew.Storage.Blocks;

/// <summary>What of a block is kept in memory.</summary>
internal enum BlockPart
{
    Index,
    Tables,
    Operations,
    TraceFilter,
    ValueFilters,
    TraceIndex,
}
