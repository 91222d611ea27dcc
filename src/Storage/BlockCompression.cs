namespace Clew.Storage;

/// <summary>The general compression of blocks, on top of their encodings. Blocks written with another setting stay readable.</summary>
public enum BlockCompression
{
    /// <summary>zstd where libzstd can be loaded, else none.</summary>
    Auto,

    /// <summary>zstd; the store does not open without libzstd.</summary>
    Zstd,

    /// <summary>Encodings only: larger, and readable without any library.</summary>
    None,
}
