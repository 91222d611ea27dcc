using System.Collections.Immutable;
using System.Globalization;
using Clew.Model;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Zipkin;

/// <summary>Reads the parameters of Zipkin's queries: durations in microseconds, everything else about time in milliseconds.</summary>
internal static class ZipkinParameters
{
    const int LimitDefault = 10;
    const ulong NanosPerMilli = 1_000_000;

    /// <summary>Zipkin's <c>QUERY_LOOKBACK</c>: a day.</summary>
    const long LookbackDefault = 86_400_000;

    /// <returns>Null when there is a problem, which <paramref name="problem"/> then names.</returns>
    public static ZipkinQuery? Read(IQueryCollection query, DateTimeOffset now, int limitMax, out string problem)
    {
        if (!TryReadRange(query, now, out var starts, out problem) || !TryReadDurations(query, out var shortest, out var longest, out problem))
            return null;
        if (!TryReadNumber(query, "limit", Math.Min(LimitDefault, limitMax), out var limit, out problem))
            return null;
        if (limit > limitMax)
        {
            problem = $"limit is {limit}; expected at most {limitMax} (query.traces_max).";
            return null;
        }

        var spanName = Name(query, "spanName");
        return new ZipkinQuery
        {
            Service = Name(query, "serviceName"),
            RemoteService = Name(query, "remoteServiceName"),
            SpanName = spanName == "all" ? "" : spanName,
            Terms = Terms(query["annotationQuery"].ToString()),
            DurationMicrosMin = shortest,
            DurationMicrosMax = longest,
            Starts = starts,
            TraceCountMax = (int)limit,
        };
    }

    /// <summary>The times from <c>lookback</c> before <c>endTs</c> until then.</summary>
    /// <param name="now">For an <c>endTs</c> that is not given; null when it has to be.</param>
    public static bool TryReadRange(IQueryCollection query, DateTimeOffset? now, out TimeRange range, out string problem)
    {
        range = default;
        if (now is null && query["endTs"].ToString().Length == 0)
        {
            problem = "endTs is missing; expected milliseconds since 1970.";
            return false;
        }

        if (!TryReadNumber(query, "endTs", now?.ToUnixTimeMilliseconds() ?? 0, out var end, out problem))
            return false;
        if (!TryReadNumber(query, "lookback", Math.Min(end, LookbackDefault), out var lookback, out problem))
            return false;

        // A millisecond is a million nanoseconds: the end of a range includes all of its last one.
        var to = NanosOf(end);
        range = new TimeRange(to.Minus(NanosOf(lookback).Value), to.Plus(NanosPerMilli - 1));
        return true;
    }

    /// <summary>A name in lower case; empty when it is not given.</summary>
    public static string Name(IQueryCollection query, string parameter) => ZipkinTraceView.Lowered(query[parameter].ToString());

    // "error and http.method=GET": words, and keys with values.
    static ImmutableArray<(string Key, string Value)> Terms(string text) =>
    [
        .. text.Split(" and ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(term => term.IndexOf('=', StringComparison.Ordinal) is var equals and >= 0 ? (term[..equals], term[(equals + 1)..]) : (term, "")),
    ];

    static bool TryReadDurations(IQueryCollection query, out ulong shortest, out ulong longest, out string problem)
    {
        (shortest, longest) = (0, ulong.MaxValue);
        if (!TryReadNumber(query, "minDuration", 0, out var min, out problem) || !TryReadNumber(query, "maxDuration", 0, out var max, out problem))
            return false;
        if (max > 0 && min == 0)
            problem = "maxDuration is only valid with minDuration.";
        else if (max > 0 && max < min)
            problem = $"maxDuration is {max}; expected at least minDuration, {min}.";
        (shortest, longest) = ((ulong)min, max == 0 ? ulong.MaxValue : (ulong)max);
        return problem.Length == 0;
    }

    static bool TryReadNumber(IQueryCollection query, string name, long missing, out long number, out string problem)
    {
        var text = query[name].ToString();
        number = missing;
        problem = "";
        if (text.Length == 0 || (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0))
            return true;
        problem = $"{name} is '{text}'; expected a number from 1 on{UnitOf(name)}.";
        return false;
    }

    static string UnitOf(string name) => name switch
    {
        "endTs" => ", in milliseconds since 1970",
        "lookback" => ", in milliseconds",
        "minDuration" or "maxDuration" => ", in microseconds",
        _ => "",
    };

    static UnixNanos NanosOf(long millis) => new(Math.Min((ulong)millis, ulong.MaxValue / NanosPerMilli) * NanosPerMilli);
}
