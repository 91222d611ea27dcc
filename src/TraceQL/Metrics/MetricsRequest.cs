using Clew.Model;

namespace Clew.TraceQL.Metrics;

/// <summary>Over what time, and how finely, metrics are to be worked out.</summary>
public sealed record MetricsRequest
{
    /// <summary>Spans that start later than this count.</summary>
    public required UnixNanos Start { get; init; }

    /// <summary>Spans that start no later than this count.</summary>
    public required UnixNanos End { get; init; }

    /// <summary>Nanoseconds between two samples; 0 for one sample over the whole range.</summary>
    public ulong StepNanos { get; init; }

    /// <summary>Whether spans count from the start to the end alone, both included, where buckets reach beyond. Default no: a graph that moves on shows the same numbers again.</summary>
    public bool IsExact { get; init; }

    /// <summary>Example spans of all series together, unless the query's hint says otherwise. Default none.</summary>
    public int ExemplarsMax { get; init; }

    /// <summary>Example spans that there are at most, whatever the query's hint says. Default 1,000.</summary>
    public int ExemplarsCap { get; init; } = 1_000;

    /// <summary>Series of an answer; what is beyond is left out, and the answer is partial. Default 1,000.</summary>
    public int SeriesMax { get; init; } = 1_000;

    /// <summary>As <see cref="Searching.SearchRequest.Reach"/>, for queries that look at whole traces.</summary>
    public TimeSpan Reach { get; init; } = TimeSpan.FromHours(1);

    public QueryBudget Budget { get; init; } = new();
}
