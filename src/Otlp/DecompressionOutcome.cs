namespace Clew.Otlp;

/// <summary>What came of decompressing a body.</summary>
public enum DecompressionOutcome
{
    Done,

    /// <summary>It would have become longer than allowed.</summary>
    TooLarge,

    /// <summary>It is not what its coding says, or ends early.</summary>
    Corrupt,

    /// <summary>The coding is not available in this process.</summary>
    Unsupported,
}
