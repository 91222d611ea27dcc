namespace Clew.Collector;

/// <summary>What became of an export request. Only the first is an acknowledgement.</summary>
public enum IngestStatus
{
    /// <summary>Every span that was not rejected is durable.</summary>
    Stored,

    /// <summary>It could not be decoded; sending it again cannot help.</summary>
    Invalid,

    /// <summary>It breaks the rules of the protocol around it; sending it again cannot help.</summary>
    Malformed,

    /// <summary>It is longer than allowed, as it came or decompressed; sending it again cannot help.</summary>
    TooLarge,

    /// <summary>Its compression is not known here.</summary>
    UnsupportedCoding,

    /// <summary>As many requests or bytes as allowed are in flight: try again later.</summary>
    Busy,

    /// <summary>The store cannot keep up at the moment: try again later.</summary>
    Overloaded,

    /// <summary>The disk is full: try again later.</summary>
    Full,

    /// <summary>The server is stopping: try again later, it may be back.</summary>
    Closing,

    /// <summary>The disk failed; what became of the spans is not known, and they are not acknowledged.</summary>
    Failed,

    /// <summary>The sender's deadline passed before anything was stored.</summary>
    Late,
}
