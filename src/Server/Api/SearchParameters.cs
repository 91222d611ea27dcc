using System.Globalization;
using Clew.Model;
using Clew.Server.Configuration;
using Clew.Server.Queries;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Api;

/// <summary>Reads the parameters of Clew's search. All are optional; a name that is not known is a mistake, not a wish to be ignored.</summary>
/// <remarks>
/// A <c>tag</c> is <c>key:value</c>, apart at the first colon. In the key, <c>%3A</c> is a colon and <c>%25</c> a percent sign, on top of the encoding that every
/// query parameter has; every other character stands for itself, in the value all of them do.
/// </remarks>
internal static class SearchParameters
{
    const int LimitDefault = 20;

    /// <summary>What only searches without a query know.</summary>
    static readonly string[] Fields = ["service", "operation", "tag", "minDuration", "maxDuration"];

    /// <summary>What only searches with a query know.</summary>
    static readonly string[] OfQuery = ["spans", "after", "explain"];

    public static string[] Names { get; } = [.. Fields, "start", "end", "limit", "q", .. OfQuery];

    /// <summary>What to say about a parameter that does not go with <c>q</c>, or does not go without it; null when all agree.</summary>
    public static ApiError? FindMixed(IQueryCollection query)
    {
        var hasQuery = query["q"].ToString().Length > 0;
        if ((hasQuery ? Fields : OfQuery).FirstOrDefault(name => query[name].ToString().Length > 0) is not { } stranger)
            return null;
        return hasQuery
            ? new ApiError($"{stranger} cannot stand beside q: write it into the query, as in q=service=shop duration>1s.", stranger)
            : new ApiError($"{stranger} goes with a query only: q=TEXT.", stranger);
    }

    /// <summary>What to say about the first parameter that is none of <paramref name="known"/>; null when all are.</summary>
    public static ApiError? FindUnknown(IQueryCollection query, string[] known)
    {
        if (query.Keys.FirstOrDefault(name => !known.Contains(name)) is not { } unknown)
            return null;
        var hint = NearestName.Find(unknown, known) is { } nearest ? $" Did you mean '{nearest}'?"
            : known.Length == 0 ? " None is expected here."
            : $" Known are {string.Join(", ", known)}.";
        return new ApiError($"There is no parameter '{unknown}'.{hint}", unknown);
    }

    /// <returns>Null when a value is not what its parameter expects, which <paramref name="error"/> then explains.</returns>
    public static TraceSearch? Read(IQueryCollection query, int limitMax, out ApiError? error)
    {
        if (!TryReadTimes(query, out var starts, out error)
            || !TryReadDurations(query, out var shortest, out var longest, out error)
            || !TryReadLimit(query["limit"].ToString(), limitMax, out var limit, out error)
            || !TryReadTags(query, out var tags, out error))
            return null;
        return new TraceSearch
        {
            Service = query["service"].ToString(),
            Operation = query["operation"].ToString(),
            Starts = starts,
            DurationNanosMin = shortest,
            DurationNanosMax = longest,
            Tags = tags,
            TraceCountMax = limit,
        };
    }

    internal static bool TryReadTimes(IQueryCollection query, out TimeRange starts, out ApiError? error)
    {
        starts = TimeRange.All;
        if (!TryReadTime(query, "start", UnixNanos.MinValue, out var from, out error) || !TryReadTime(query, "end", UnixNanos.MaxValue, out var to, out error))
            return false;
        if (from > to)
            error = new ApiError($"The range ends before it starts: start is {from}, end is {to}.", "end");
        starts = new TimeRange(from, to);
        return error is null;
    }

    static bool TryReadTime(IQueryCollection query, string name, UnixNanos missing, out UnixNanos time, out ApiError? error)
    {
        var text = query[name].ToString();
        time = missing;
        error = null;
        if (text.Length == 0)
            return true;
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var nanos))
            time = new UnixNanos(nanos);
        else
            error = new ApiError($"{name} is '{text}'; expected nanoseconds since 1970, such as 1700000000000000000.", name);
        return error is null;
    }

    static bool TryReadDurations(IQueryCollection query, out ulong shortest, out ulong longest, out ApiError? error)
    {
        longest = ulong.MaxValue;
        if (!TryReadDuration(query, "minDuration", 0, out shortest, out error) || !TryReadDuration(query, "maxDuration", ulong.MaxValue, out longest, out error))
            return false;
        if (longest < shortest)
            error = new ApiError($"maxDuration {query["maxDuration"]} is shorter than minDuration {query["minDuration"]}.", "maxDuration");
        return error is null;
    }

    static bool TryReadDuration(IQueryCollection query, string name, ulong missing, out ulong nanos, out ApiError? error)
    {
        var text = query[name].ToString();
        nanos = missing;
        error = null;
        if (text.Length > 0 && !GoDuration.TryParse(text, out nanos))
            error = new ApiError($"{name} is '{text}'; expected a duration such as 100ms, 1.2s or 1h3m.", name);
        return error is null;
    }

    static bool TryReadLimit(string text, int limitMax, out int limit, out ApiError? error)
    {
        limit = Math.Min(LimitDefault, limitMax);
        error = null;
        if (text.Length > 0 && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit >= 1 && limit <= limitMax))
            error = new ApiError($"limit is '{text}'; expected 1 to {limitMax} (query.traces_max).", "limit");
        return error is null;
    }

    // %3A turns into no percent sign, so one replacement after the other is one pass.
    static string UnescapeKey(string key) =>
        key.Replace("%3A", ":", StringComparison.OrdinalIgnoreCase).Replace("%25", "%", StringComparison.Ordinal);

    static bool TryReadTags(IQueryCollection query, out IReadOnlyList<(string, string)> tags, out ApiError? error)
    {
        var list = new List<(string, string)>();
        tags = list;
        error = null;
        foreach (var tag in query["tag"])
        {
            var colon = tag?.IndexOf(':', StringComparison.Ordinal) ?? -1;
            if (colon <= 0)
            {
                error = new ApiError($"tag is '{tag}'; expected key:value, such as http.response.status_code:500.", "tag");
                return false;
            }

            list.Add((UnescapeKey(tag![..colon]), tag[(colon + 1)..]));
        }

        return true;
    }
}
