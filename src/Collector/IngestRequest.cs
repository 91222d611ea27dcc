using Clew.Otlp;

namespace Clew.Collector;

/// <summary>An export request as a receiver has read it.</summary>
/// <param name="Body">As it came; compressed as <paramref name="Coding"/> says. The receiver's buffer, valid until the answer.</param>
/// <param name="Room">Has room for <paramref name="Body"/> already; the pipeline takes more as it needs it, the receiver gives it back.</param>
/// <param name="Deadline">A timestamp of the pipeline's clock after which the sender no longer waits; null when it did not say.</param>
public readonly record struct IngestRequest(
    string Protocol, WireEncoding Encoding, ContentCoding Coding, ReadOnlyMemory<byte> Body, IngestRoom Room, long? Deadline)
{
    /// <summary>Whose messages they are. Default OTLP's.</summary>
    public WireModel Model { get; init; }
}
