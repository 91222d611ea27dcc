namespace Clew.Collector;

/// <summary>The answer to one export request, before a protocol has put it into its own words.</summary>
/// <param name="RejectedSpanCount">Spans left out of a stored request.</param>
/// <param name="Message">For the sender: why a request was refused, or what was wrong with the first rejected span; else empty.</param>
/// <param name="RetryAfter">When to send it again; null when that cannot help.</param>
public readonly record struct IngestOutcome(IngestStatus Status, long RejectedSpanCount, string Message, TimeSpan? RetryAfter)
{
    /// <summary>Spans that are durable now.</summary>
    public long StoredSpanCount { get; init; }

    public static IngestOutcome Refused(IngestStatus status, string message) => new(status, 0, message, null);

    public static IngestOutcome Deferred(IngestStatus status, string message, TimeSpan retryAfter) => new(status, 0, message, retryAfter);
}
