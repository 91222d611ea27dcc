using System.Diagnostics.CodeAnalysis;
using Clew.Model;
using Clew.TraceQL;
using Clew.TraceQL.Searching;
using Clew.TraceQL.Syntax;

namespace Clew.Server.Tempo;

/// <summary>A search as it was asked, over HTTP or gRPC.</summary>
internal sealed record SearchQuestion
{
    public const int TracesDefault = 20, SpansDefault = 3, SpansMax = 100;

    /// <summary>Each is a search of its own inside of those before it.</summary>
    public const int TagsMax = 50;

    /// <summary>TraceQL; empty for every trace.</summary>
    public string Text { get; init; } = "";

    /// <summary>What spans or resources of the trace must say; not together with <see cref="Text"/>.</summary>
    public IReadOnlyList<(string Key, string Value)> Tags { get; init; } = [];

    /// <summary>Of the trace.</summary>
    public ulong DurationNanosMin { get; init; }

    /// <summary>Of the trace.</summary>
    public ulong DurationNanosMax { get; init; } = ulong.MaxValue;

    public TimeRange Range { get; init; } = TimeRange.All;

    public int TraceCountMax { get; init; } = TracesDefault;

    /// <summary>Spans shown of each spanset; 0 for the usual.</summary>
    public int SpansPerSpanset { get; init; }

    /// <summary>Makes of it what the engine is asked.</summary>
    /// <param name="problem">What is wrong with it, for whoever asked.</param>
    public bool TryCompile(QueryOptions options, [NotNullWhen(true)] out Query? query, [NotNullWhen(true)] out SearchRequest? request, out string problem)
    {
        query = null;
        request = null;
        problem = Problem(options) ?? "";
        if (problem.Length > 0)
            return false;
        var pipeline = TagQuery.Of(Tags);
        if (Text.Length > 0)
        {
            if (!TraceQLQuery.TryCompile(Text, out query, out var error) || query.Spans is null)
            {
                problem = error?.ToString() ?? "this is a query for metrics, which has no traces: ask /api/metrics/query_range";
                return false;
            }

            pipeline = query.Spans;
        }

        query = new Query(TagQuery.OfDuration(pipeline, DurationNanosMin, DurationNanosMax), null, query?.Hints ?? []);
        request = new SearchRequest
        {
            Range = Range, TraceCountMax = TraceCountMax, SpansPerSpansetMax = SpansPerSpanset == 0 ? SpansDefault : SpansPerSpanset, Budget = options.Budget,
        };
        return true;
    }

    string? Problem(QueryOptions options) =>
        Text.Length > 0 && Tags.Count > 0 ? "invalid request: can't specify tags and q in the same query"
        : Tags.Count > TagsMax ? $"invalid tags: {Tags.Count} are too many, at most {TagsMax} may be asked for at once"
        : DurationNanosMax < DurationNanosMin ? "invalid maxDuration: must be greater than minDuration"
        : TraceCountMax < 1 ? "invalid limit: must be a positive number"
        : TraceCountMax > options.TracesMax ? $"limit {TraceCountMax} exceeds max limit {options.TracesMax} (query.traces_max)"
        : SpansPerSpanset is < 0 or > SpansMax ? $"invalid spss: must be from 0 to {SpansMax}"
        : null;
}
