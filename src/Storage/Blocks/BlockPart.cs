namespace Clew.Storage.Blocks;

/// <summary>What of a block is kept in memory.</summary>
internal enum BlockPart
{
    Index,
    Dictionary,
    Operations,
    TraceFilter,
    ValueFilters,
    TraceIndex,
}
