namespace Clew.Storage.Blocks;

/// <summary>What of a block is kept in memory.</summary>
internal enum BlockPart
{
    Index,
    Tables,
    SearchTables,
    Operations,
    TraceFilter,
    ValueFilters,
    ValueIndex,
    TraceIndex,
    RepeatedTraces,
}
