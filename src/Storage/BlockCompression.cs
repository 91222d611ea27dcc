namespace Clew.Storage;

/// <summary>The general compression of blocks, on top of their encodings. Blocks written with another setting stay readable.</summary>
public enum BlockCompression
{
    /// <summary>zstd where libzstd can be loaded, else lz4.</summary>
    Auto,

    /// <summary>zstd; the store does not open without libzstd.</summary>
    Zstd,

    /// <summary>LZ4: larger than zstd, quicker to read, and readable without any library.</summary>
    Lz4,

    /// <summary>Encodings only.</summary>
    None,
}
