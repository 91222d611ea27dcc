using Clew.Otlp;

namespace Clew.Server;

/// <summary>Bounds on what senders may cost. Beyond each of them a request is refused in a way that clients retry, where retrying can help.</summary>
public sealed record LimitsOptions
{
    /// <summary>Bytes of one request, on the wire and again after decompression. Default 64 MiB, 1 KiB to 1 GiB.</summary>
    public long RequestBytesMax { get; init; } = 64L << 20;

    /// <summary>Spans of one request. Default 1,000,000, at least 1.</summary>
    public int RequestSpansMax { get; init; } = 1_000_000;

    /// <summary>Levels of arrays and maps within an attribute's value. Default 64, 1 to 240.</summary>
    public int NestingMax { get; init; } = 64;

    /// <summary>
    /// Bytes of all requests being read, decompressed, decoded and stored at one time. A request counts with its bytes on the wire, its bytes after
    /// decompression, and the memory of its decoded form. Default 256 MiB, at least 4 KiB.
    /// </summary>
    public long InFlightBytesMax { get; init; } = 256L << 20;

    /// <summary>Export requests handled at one time, all ports together. Default 1,024, at least 1.</summary>
    public int ConcurrentRequestsMax { get; init; } = 1_024;

    /// <summary>Queries handled at one time. Default 64, at least 1.</summary>
    public int ConcurrentQueriesMax { get; init; } = 64;

    /// <summary>Open connections, per port. Default 4,096, at least 1.</summary>
    public int ConnectionsMax { get; init; } = 4_096;

    /// <summary>How long a client may take to send the head of a request. Default 10 s, 1 s to 10 min.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may stay silent between requests. Default 130 s, 1 s to 1 day.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(130);

    /// <summary>Bytes per second below which a request's body is given up, after 5 s of grace; 0 waits for ever. Default 240, 0 to 1 MiB.</summary>
    public int BodyBytesPerSecondMin { get; init; } = 240;

    /// <summary>What a refused sender is told to wait before it tries again. Default 1 s, 100 ms to 10 min.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What of it concerns the decoders.</summary>
    internal OtlpLimits Decoding => new() { NestingMax = NestingMax, SpanCountMax = RequestSpansMax };

    internal IEnumerable<string> Problems() =>
    [
        .. Outside("limits.request_bytes_max", RequestBytesMax, 1L << 10, 1L << 30),
        .. Outside("limits.request_spans_max", RequestSpansMax, 1, int.MaxValue),
        .. Outside("limits.nesting_max", NestingMax, 1, OtlpLimits.NestingBound),
        .. Outside("limits.in_flight_bytes_max", InFlightBytesMax, 4L << 10, long.MaxValue),
        .. Outside("limits.concurrent_requests_max", ConcurrentRequestsMax, 1, int.MaxValue),
        .. Outside("limits.concurrent_queries_max", ConcurrentQueriesMax, 1, int.MaxValue),
        .. Outside("limits.connections_max", ConnectionsMax, 1, int.MaxValue),
        .. Outside("limits.header_timeout", HeaderTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
        .. Outside("limits.idle_timeout", IdleTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
        .. Outside("limits.body_bytes_per_second_min", BodyBytesPerSecondMin, 0, 1 << 20),
        .. Outside("limits.retry_after", RetryAfter, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
    ];

    static IEnumerable<string> Outside<T>(string key, T value, T min, T max)
        where T : IComparable<T> =>
        value.CompareTo(min) < 0 || value.CompareTo(max) > 0 ? [$"{key} is {value}; expected {min} to {max}."] : [];
}
