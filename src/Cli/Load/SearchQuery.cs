using System.Text.Json;

namespace Clew.Cli.Load;

/// <summary>One search. Null conditions do not apply.</summary>
internal sealed record SearchQuery(string Kind, string Service)
{
    public string? Operation { get; init; }
    public TimeSpan? MinDuration { get; init; }
    public (string Key, string Value)? Tag { get; init; }

    /// <summary>A trace that must be among the answers; null when there is none in particular.</summary>
    public string? ExpectedTraceId { get; init; }

    /// <summary>As Jaeger's API takes it.</summary>
    /// <param name="fromNanos">Unix nanoseconds.</param>
    public string ToPath(long fromNanos, long toNanos, int limit)
    {
        var path = $"api/traces?service={Uri.EscapeDataString(Service)}&limit={limit}&start={fromNanos / 1_000}&end={toNanos / 1_000}";
        if (Operation is not null)
            path += $"&operation={Uri.EscapeDataString(Operation)}";
        if (MinDuration is { } duration)
            path += $"&minDuration={duration.TotalMilliseconds:0}ms";
        return Tag is not { } tag ? path : path + "&tags=" + Uri.EscapeDataString($$"""{"{{JsonEncodedText.Encode(tag.Key)}}":"{{JsonEncodedText.Encode(tag.Value)}}"}""");
    }
}
