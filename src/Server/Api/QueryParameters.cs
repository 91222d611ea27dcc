using System.Globalization;
using Clew.Model;
using Clew.TraceQL.Simple;
using Clew.TraceQL.Syntax;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Api;

/// <summary>Reads the parameters that endpoints for queries have in common. The first value that is not what its parameter expects is the <see cref="Error"/>.</summary>
internal sealed class QueryParameters(IQueryCollection query)
{
    public ApiError? Error { get; private set; }

    /// <summary><c>q</c>, in either form; an empty one asks for everything.</summary>
    public Query? ReadQuery()
    {
        if (SimpleQuery.TryCompile(query["q"].ToString(), out var compiled, out var error))
            return compiled;
        Error ??= ApiError.Of(error);
        return null;
    }

    /// <summary>As <see cref="ReadQuery"/>; a query for time series is refused.</summary>
    /// <param name="use">What becomes of the spans, such as <c>a histogram counts</c>.</param>
    public Pipeline? ReadSpans(string use)
    {
        if (ReadQuery() is not { } compiled)
            return null;
        if (compiled.Spans is null)
            Error ??= new ApiError($"{use} the spans that a query for traces matches, and '{compiled}' asks for time series: leave out what begins with its metrics function.", "q");
        return compiled.Spans;
    }

    /// <summary>From <c>start</c> to <c>end</c>; without them the last hour, and until now.</summary>
    public TimeRange ReadRecent(TimeProvider time)
    {
        if (!SearchParameters.TryReadTimes(query, out var range, out var error))
            Error ??= error;
        if (query["end"].ToString().Length == 0)
            range = range with { To = UnixNanos.From(time.GetUtcNow()) };
        if (query["start"].ToString().Length == 0)
            range = range with { From = range.To.Minus(3_600_000_000_000) };
        if (range.From > range.To)
            Error ??= new ApiError($"The range ends before it starts: start is {range.From}, end is {range.To}.", "start");
        return range;
    }

    public TimeRange ReadTimes()
    {
        if (!SearchParameters.TryReadTimes(query, out var range, out var error))
            Error ??= error;
        return range;
    }

    /// <param name="bound">What sets the largest number, if it is a setting.</param>
    public int ReadCount(string name, int missing, int min, int max, string bound = "")
    {
        var text = query[name].ToString();
        if (text.Length == 0)
            return Math.Min(missing, max);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= min && count <= max)
            return count;
        Error ??= new ApiError($"{name} is '{text}'; expected {min} to {max}{(bound.Length > 0 ? $" ({bound})" : "")}.", name);
        return missing;
    }

    public bool ReadFlag(string name)
    {
        var text = query[name].ToString();
        if (text is not ("" or "true" or "false"))
            Error ??= new ApiError($"{name} is '{text}'; expected true or false.", name);
        return text == "true";
    }

    /// <summary>Nanoseconds; 0 when it is not given.</summary>
    public ulong ReadDuration(string name)
    {
        var text = query[name].ToString();
        if (text.Length == 0)
            return 0;
        if (GoDuration.TryParse(text, out var nanos))
            return nanos;
        Error ??= new ApiError($"{name} is '{text}'; expected a duration such as 100ms, 1.2s or 1h3m.", name);
        return 0;
    }

    public string Text(string name) => query[name].ToString();

    /// <summary>Refuses a value that an endpoint cannot use.</summary>
    public void Fail(string message, string parameter) => Error ??= new ApiError(message, parameter);
}
