namespace Clew.Storage.Inspection;

/// <summary>What a piece of a block is good for, and so what its loss costs.</summary>
internal enum PieceUse
{
    /// <summary>The spans of its row group.</summary>
    Spans,

    /// <summary>All spans of the block: none can be read without it.</summary>
    Block,

    /// <summary>Nothing but speed.</summary>
    Speed,
}
