namespace Clew.Storage.Blocks;

/// <summary>Where the file of a block is.</summary>
internal enum BlockPlace : byte
{
    /// <summary>In the data folder.</summary>
    Folder,

    /// <summary>In the bucket of the warm level.</summary>
    WarmBucket,

    /// <summary>In the bucket of the cold level.</summary>
    ColdBucket,
}
