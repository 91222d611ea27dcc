namespace Clew.Storage.Compaction;

/// <summary>Why a block is left out when others are merged.</summary>
internal enum LeftOut
{
    /// <summary>It cannot be read, ever again: it is not merged, and expires in its time.</summary>
    Damaged,

    /// <summary>It cannot be read at the moment: nothing that takes reading it is done until it can.</summary>
    Waiting,

    /// <summary>It is too large in some way to be merged with others: it is written again by itself where rules want to decide about it.</summary>
    Apart,
}
