using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Clew.Model;
using Clew.Server.Queries;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Jaeger.V3;

/// <summary>The parameters of <c>/api/v3</c>: camel case as in proto3 JSON, or snake case as before; <see cref="Problem"/> tells of the first that is wrong.</summary>
internal sealed class HttpParameters(IQueryCollection query)
{
    /// <summary>For people, with the spelling that was used; empty while nothing is wrong.</summary>
    public string Problem { get; private set; } = "";

    public string Text(string name, string alias) => Find(name, alias).Text;

    /// <summary>A search: <c>query.serviceName</c> and its like.</summary>
    /// <returns>False when <see cref="Problem"/> says why.</returns>
    public bool TryReadQuery(int depthMax, [NotNullWhen(true)] out TraceQuery? read)
    {
        var tags = new List<(string, string)>();
        var attributes = query.First("query.attributes");
        if (attributes.Length > 0 && !TagMap.TryRead(attributes, tags))
            Malformed("query.attributes", $"{TagMap.Expectation}, received {attributes}");
        if (query.ContainsKey("query.filter"))
            Malformed("query.filter", "structured filters are not supported; use query.attributes and the others");
        read = new TraceQuery(
            new TraceSearch
            {
                Service = Text("query.serviceName", "query.service_name"),
                Operation = Text("query.operationName", "query.operation_name"),
                Tags = tags,
                Starts = Range("query.startTimeMin", "query.start_time_min", "query.startTimeMax", "query.start_time_max"),
                DurationNanosMin = Duration("query.durationMin", "query.duration_min") ?? 0,
                DurationNanosMax = Duration("query.durationMax", "query.duration_max") ?? ulong.MaxValue,
                TraceCountMax = Depth(depthMax),
            },
            Truth("query.rawTraces", "query.raw_traces"));
        if (read.Search.DurationNanosMax < read.Search.DurationNanosMin)
            Fail("query.durationMin must not be longer than query.durationMax");
        return Problem.Length == 0;
    }

    /// <summary>Two times, of which both must be given, in this order.</summary>
    public TimeRange Range(string min, string minAlias, string max, string maxAlias)
    {
        var (from, to) = (Time(min, minAlias), Time(max, maxAlias));
        if (Problem.Length == 0 && (from is null || to is null))
            Fail($"{min} and {max} are required");
        else if (from >= to)
            Fail($"{min} must be before {max}");
        return new TimeRange(from ?? UnixNanos.MinValue, to ?? UnixNanos.MaxValue);
    }

    /// <returns>Null when it was not given.</returns>
    public UnixNanos? Time(string name, string alias)
    {
        var (text, used) = Find(name, alias);
        if (text.Length == 0)
            return null;

        // The plus of a zone that was not escaped arrives as a blank.
        if (Rfc3339.TryParse(text.Replace(' ', '+'), out var time))
            return time;
        Malformed(used, $"'{text}' is not a time as in RFC 3339, such as 2026-11-28T22:15:00.123Z");
        return null;
    }

    public bool Truth(string name, string alias)
    {
        var (text, used) = Find(name, alias);
        if (!GoBool.TryParse(text, out var value))
            Malformed(used, $"{GoBool.Expectation}, received '{text}'");
        return value;
    }

    ulong? Duration(string name, string alias)
    {
        var (text, used) = Find(name, alias);
        if (text.Length == 0)
            return null;
        if (GoDuration.TryParse(text, out var nanos))
            return nanos;
        Malformed(used, $"'{text}' is not a duration such as 100ms, 1.2s or 1h3m");
        return null;
    }

    int Depth(int depthMax)
    {
        var (text, used) = Find("query.searchDepth", "query.search_depth");
        if (text.Length == 0)
            (text, used) = Find("query.num_traces", "query.numTraces");
        if (text.Length == 0)
            text = "0";
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var depth) || depth > depthMax)
            Malformed(used, $"'{text}' is not a number up to {depthMax} (query.traces_max)");
        return depth == 0 ? Math.Min(TraceQuery.SearchDepthDefault, depthMax) : depth;
    }

    (string Text, string Name) Find(string name, string alias) =>
        query.First(name) is { Length: > 0 } text ? (text, name) : query.First(alias) is { Length: > 0 } aliased ? (aliased, alias) : ("", name);

    void Malformed(string name, string problem) => Fail($"malformed parameter {name}: {problem}");

    void Fail(string problem) => Problem = Problem.Length == 0 ? problem : Problem;
}
