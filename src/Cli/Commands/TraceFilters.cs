using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Clew.Model;
using Clew.Server.Configuration;
using Clew.Server.Queries;

namespace Clew.Cli.Commands;

/// <summary>The options that say which spans are meant: the same to a server and to files.</summary>
internal sealed partial class TraceFilters
{
    readonly Option<string?> _service = new("--service") { HelpName = "NAME", Description = "A span of this service." };
    readonly Option<string?> _operation = new("--operation") { HelpName = "NAME", Description = "With this span name." };
    readonly Option<string[]> _tags = new("--tag")
    {
        HelpName = "key=value", Description = "With this attribute on the span, its resource or an event; repeatable, all must hold.", AllowMultipleArgumentsPerToken = true,
    };
    readonly Option<bool> _errors = new("--errors") { Description = "That ended with an error, the same as --tag error=true." };
    readonly Option<string?> _minDuration = new("--min-duration") { HelpName = "DURATION", Description = "At least this long: 100ms, 1.2s, 500us." };
    readonly Option<string?> _maxDuration = new("--max-duration") { HelpName = "DURATION", Description = "At most this long." };
    readonly Option<string?> _since = new("--since") { HelpName = "DURATION", Description = "Started within the last 15m, 1h, 7d." };
    readonly Option<string?> _start = new("--start") { HelpName = "TIME", Description = "Started at or after: 2026-11-21T08:30:00Z, 2026-11-21 (its midnight), or Unix nanoseconds. Without a zone it is UTC; without a date it is refused." };
    readonly Option<string?> _end = new("--end") { HelpName = "TIME", Description = "Started before or at, written the same way." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_service, _operation, _tags, _errors, _minDuration, _maxDuration, _since, _start, _end])
            command.Options.Add(option);
    }

    /// <summary>The service that was asked for; null when none was.</summary>
    public string? ServiceIn(ParseResult parsed) => parsed.GetValue(_service);

    /// <summary>For reading files.</summary>
    /// <exception cref="CommandFailedException">A value is not what its option expects.</exception>
    public TraceSearch Read(ParseResult parsed, DateTimeOffset now)
    {
        var search = new TraceSearch
        {
            Service = parsed.GetValue(_service) ?? "",
            Operation = parsed.GetValue(_operation) ?? "",
            DurationNanosMin = Duration(parsed, _minDuration) ?? 0,
            DurationNanosMax = Duration(parsed, _maxDuration) ?? ulong.MaxValue,
            Tags = [.. Tags(parsed)],
            Starts = new TimeRange(From(parsed, now) ?? UnixNanos.MinValue, Time(parsed, _end) ?? UnixNanos.MaxValue),
        };
        if (search.DurationNanosMax < search.DurationNanosMin)
            throw new CommandFailedException($"--max-duration {parsed.GetValue(_maxDuration)} is shorter than --min-duration {parsed.GetValue(_minDuration)}.");
        return search.Starts.From <= search.Starts.To ? search : throw new CommandFailedException($"--end {parsed.GetValue(_end)} is before the beginning.");
    }

    /// <summary>For a server's API. Checks what only this side can know; the server has the last word on the rest.</summary>
    /// <exception cref="CommandFailedException">A value is not what its option expects.</exception>
    public IEnumerable<(string Name, string? Value)> Query(ParseResult parsed, DateTimeOffset now) =>
    [
        ("service", parsed.GetValue(_service)), ("operation", parsed.GetValue(_operation)),
        ("minDuration", parsed.GetValue(_minDuration)), ("maxDuration", parsed.GetValue(_maxDuration)),
        .. Tags(parsed).Select(tag => ("tag", (string?)$"{EscapeKey(tag.Key)}:{tag.Value}")),
        ("start", From(parsed, now)?.ToString()), ("end", Time(parsed, _end)?.ToString()),
    ];

    IEnumerable<(string Key, string Value)> Tags(ParseResult parsed)
    {
        var tags = (parsed.GetValue(_tags) ?? []).Select(Tag);
        return parsed.GetValue(_errors) ? tags.Append(("error", "true")) : tags;
    }

    static (string Key, string Value) Tag(string text)
    {
        var equals = text.IndexOf('=');
        return equals > 0
            ? (text[..equals], text[(equals + 1)..])
            : throw new CommandFailedException($"--tag is '{text}'; expected key=value such as http.response.status_code=500.");
    }

    // The API separates at the first colon, and has an escape for those of the key.
    static string EscapeKey(string key) => key.Replace("%", "%25", StringComparison.Ordinal).Replace(":", "%3A", StringComparison.Ordinal);

    UnixNanos? From(ParseResult parsed, DateTimeOffset now)
    {
        if (parsed.GetValue(_since) is not { } since)
            return Time(parsed, _start);
        if (parsed.GetValue(_start) is not null)
            throw new CommandFailedException("--since and --start both say where to begin; give one of them.");
        if (!DurationText.TryParse(since, out var duration))
            throw new CommandFailedException($"--since is '{since}'; expected a duration such as 15m, 1h or 7d.");
        var sinceEpoch = now - DateTimeOffset.UnixEpoch;
        return UnixNanos.From(now - (duration < sinceEpoch ? duration : sinceEpoch));
    }

    static ulong? Duration(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) switch
    {
        null => null,
        var text when GoDuration.TryParse(text, out var nanos) => nanos,
        var text => throw new CommandFailedException($"{option.Name} is '{text}'; expected a duration such as 100ms, 1.2s or 1h3m."),
    };

    static UnixNanos? Time(ParseResult parsed, Option<string?> option)
    {
        if (parsed.GetValue(option) is not { } text)
            return null;
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var nanos) && text.Length > 12)
            return new UnixNanos(nanos);
        // A time alone would mean today, of which there is one per zone.
        return DateFirst().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? UnixNanos.From(time)
            : throw new CommandFailedException($"{option.Name} is '{text}'; expected a time with its date such as 2026-11-21T08:30:00Z, a date, or Unix nanoseconds.");
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d", RegexOptions.None, 1_000)]
    private static partial Regex DateFirst();
}
