using System.Globalization;
using Clew.Model;
using Clew.Server.Queries;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Jaeger;

/// <summary>Reads the parameters of Jaeger's search; its error texts are those of Jaeger.</summary>
internal static class JaegerSearchParameters
{
    const int LimitDefault = 100;

    /// <returns>Null when there is a problem, which <paramref name="problem"/> then names.</returns>
    public static TraceSearch? Read(IQueryCollection query, int limitMax, out string problem)
    {
        problem = "";
        var service = query.First("service");
        if (service.Length == 0)
            return Fail("parameter 'service' is required", out problem);
        if (!TryReadTimes(query, out var starts, out problem) || !TryReadDurations(query, out var shortest, out var longest, out problem))
            return null;
        if (!TryReadLimit(query.First("limit"), limitMax, out var limit, out problem) || !TryReadTags(query, out var tags, out problem))
            return null;
        return new TraceSearch
        {
            Service = service,
            Operation = query.First("operation"),
            Starts = starts,
            DurationNanosMin = shortest,
            DurationNanosMax = longest,
            Tags = tags,
            TraceCountMax = limit,
        };
    }

    /// <summary>Whether traces are wanted as they are stored, without what Jaeger corrects.</summary>
    public static bool TryReadRaw(IQueryCollection query, out bool isRaw, out string problem)
    {
        var text = query.First("raw");
        problem = "";
        if (GoBool.TryParse(text, out isRaw))
            return true;
        problem = $"unable to parse param 'raw': {GoBool.Expectation}, received '{text}'";
        return false;
    }

    /// <summary>Microseconds since 1970, <c>start</c> and <c>end</c>.</summary>
    public static bool TryReadTimes(IQueryCollection query, out TimeRange starts, out string problem)
    {
        starts = TimeRange.All;
        return TryReadMicros(query, "start", UnixNanos.MinValue, 0, out var from, out problem)
            && TryReadMicros(query, "end", UnixNanos.MaxValue, 999, out var to, out problem)
            && (starts = new TimeRange(from, to)) is var _;
    }

    // A microsecond is a thousand nanoseconds: the end of a range includes all of its last one.
    static bool TryReadMicros(IQueryCollection query, string name, UnixNanos missing, ulong rest, out UnixNanos time, out string problem)
    {
        var text = query.First(name);
        time = missing;
        problem = "";
        if (text.Length == 0)
            return true;
        if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var micros))
        {
            problem = $"unable to parse param '{name}': '{text}' is not a number of microseconds since 1970";
            return false;
        }

        time = micros > (ulong.MaxValue - rest) / 1_000 ? UnixNanos.MaxValue : new UnixNanos(micros * 1_000 + rest);
        return true;
    }

    static bool TryReadDurations(IQueryCollection query, out ulong shortest, out ulong longest, out string problem)
    {
        problem = "";
        longest = ulong.MaxValue;
        if (!TryReadDuration(query, "minDuration", 0, out shortest, out problem) || !TryReadDuration(query, "maxDuration", ulong.MaxValue, out longest, out problem))
            return false;
        if (longest < shortest)
            problem = "'maxDuration' should be greater than 'minDuration'";
        return problem.Length == 0;
    }

    static bool TryReadDuration(IQueryCollection query, string name, ulong missing, out ulong nanos, out string problem)
    {
        var text = query.First(name);
        nanos = missing;
        problem = "";
        if (text.Length == 0 || GoDuration.TryParse(text, out nanos))
            return true;
        problem = $"unable to parse param '{name}': '{text}' is not a duration such as 100ms, 1.2s or 1h3m";
        return false;
    }

    static bool TryReadLimit(string text, int limitMax, out int limit, out string problem)
    {
        limit = Math.Min(LimitDefault, limitMax);
        problem = "";
        if (text.Length == 0 || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit >= 1 && limit <= limitMax))
            return true;
        problem = $"unable to parse param 'limit': '{text}' is not a number from 1 to {limitMax} (query.traces_max)";
        return false;
    }

    static bool TryReadTags(IQueryCollection query, out IReadOnlyList<(string, string)> tags, out string problem)
    {
        var list = new List<(string, string)>();
        tags = list;
        problem = "";
        foreach (var tag in query["tag"])
        {
            var colon = tag?.IndexOf(':', StringComparison.Ordinal) ?? -1;
            if (colon <= 0)
            {
                problem = $"malformed 'tag' parameter, expecting key:value, received: {tag}";
                return false;
            }

            list.Add((tag![..colon], tag[(colon + 1)..]));
        }

        foreach (var json in query["tags"])
        {
            if (!TryReadTagMap(json ?? "", list, out problem))
                return false;
        }

        return true;
    }

    static bool TryReadTagMap(string json, List<(string, string)> tags, out string problem)
    {
        problem = "";
        if (json.Length == 0 || TagMap.TryRead(json, tags))
            return true;
        problem = $"malformed 'tags' parameter, cannot unmarshal JSON: {TagMap.Expectation}, received: {json}";
        return false;
    }

    static TraceSearch? Fail(string text, out string problem)
    {
        problem = text;
        return null;
    }
}
