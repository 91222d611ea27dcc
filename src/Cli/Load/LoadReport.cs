using System.Text.Json.Serialization;

namespace Clew.Cli.Load;

/// <summary>The findings of a run; also the document that <c>--json</c> prints.</summary>
internal sealed record LoadReport
{
    public required string Target { get; init; }
    public required int Connections { get; init; }

    /// <summary>Spans per second asked for; null for as fast as acknowledged.</summary>
    public required double? Rate { get; init; }
    public required CorpusFigures Corpus { get; init; }
    public required double Seconds { get; init; }

    /// <summary>Spans acknowledged, and the rest of what became of the requests.</summary>
    public required LoadCounts Counts { get; init; }
    public required IReadOnlyList<FailureReason> Reasons { get; init; }
    public required LatencySummary Latency { get; init; }

    /// <summary>From when a request was due, not from when a busy receiver let it be sent; null without a rate.</summary>
    public required LatencySummary? LatencyFromDue { get; init; }

    /// <summary>Processor time of the sender.</summary>
    public required double ClientCpuSeconds { get; init; }

    /// <summary>Processor time of the server while spans were sent; null when nothing is known of it.</summary>
    public double? ServerCpuSeconds { get; init; }

    /// <summary>The same with the time to settle afterwards.</summary>
    public double? ServerCpuSecondsSettled { get; init; }
    public long? ServerResidentBytesMax { get; init; }

    /// <summary>After the time to settle.</summary>
    public StoreFigures? Store { get; init; }

    /// <summary>Null when nothing was looked up; <see cref="NotChecked"/> says why.</summary>
    public Completeness? Completeness { get; init; }
    public string NotChecked { get; init; } = "";
    public IReadOnlyList<SearchKindResult> Searches { get; init; } = [];
    public IReadOnlyList<IntervalRow> Intervals { get; init; } = [];

    public double SpansPerSecond => Math.Round(Counts.SpanCount / Math.Max(Seconds, 1e-9));

    public double? SpansPerServerCpuSecond => ServerCpuSeconds is > 0 ? Math.Round(Counts.SpanCount / ServerCpuSeconds.Value) : null;

    /// <summary>Whether something that was acknowledged is not there.</summary>
    [JsonIgnore]
    public bool IsSomethingMissing => Completeness is { IsComplete: false } || Searches.Any(kind => kind.NotFoundCount > 0);
}
