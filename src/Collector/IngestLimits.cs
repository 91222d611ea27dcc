using Clew.Otlp;

namespace Clew.Collector;

/// <summary>What one request may cost.</summary>
/// <param name="RequestBytesMax">On the wire, and again after decompression.</param>
/// <param name="RetryAfter">What a sender is told to wait when there was no room.</param>
public sealed record IngestLimits(long RequestBytesMax, TimeSpan RetryAfter, OtlpLimits Decoding);
