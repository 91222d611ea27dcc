using System.Globalization;
using Clew.Server.Queries;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Jaeger;

/// <summary>Times and durations of the JSON API where it counts milliseconds.</summary>
internal static class JaegerMillis
{
    const ulong NanosPerMilli = 1_000_000;

    /// <param name="millis">What the parameter says; <paramref name="missing"/> when it is not there.</param>
    public static bool TryRead(IQueryCollection query, string name, long missing, out long millis, out string problem)
    {
        var text = query.First(name);
        millis = missing;
        problem = "";
        if (text.Length == 0 || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out millis))
            return true;
        problem = $"unable to parse param '{name}': '{text}' is not a number of milliseconds";
        return false;
    }

    /// <summary>At most what fits, in whole milliseconds.</summary>
    public static ulong ToNanos(long millis) => Math.Min((ulong)millis, ulong.MaxValue / NanosPerMilli) * NanosPerMilli;
}
