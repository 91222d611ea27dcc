using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Clew.Cli.Terminal;
using Clew.Model;
using Clew.Server.Configuration;

namespace Clew.Cli.Commands;

/// <summary><c>clew search</c>: finds traces with the filters of the API.</summary>
internal sealed partial class SearchCommand
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
    readonly Option<string?> _limit = new("--limit") { HelpName = "COUNT", Description = "Traces to show, newest first. Default 20." };
    readonly Option<bool> _json = new("--json") { Description = "Print the server's answer as it is." };
    readonly ServerOption _server = ServerOption.Create();

    public static Command Create()
    {
        var search = new SearchCommand();
        var command = new CommandWithExamples(
            "search", "Find traces.",
            "clew search --since 1h --errors",
            "clew search --service butterfly-coordinator --operation inference.request --min-duration 500ms",
            "clew search --tag fault.detected=true --tag node.id=compute-node-3 --limit 100",
            "clew search --start 2026-11-21T08:00:00Z --end 2026-11-21T09:00:00Z --json")
        {
            search._service, search._operation, search._tags, search._errors, search._minDuration, search._maxDuration,
            search._since, search._start, search._end, search._limit, search._json, search._server,
        };
        command.SetAction(search.RunAsync);
        return command;
    }

    async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var query = Query(parsed, TimeProvider.System.GetUtcNow());
        using var api = _server.Connect(parsed);
        var answer = await AskAsync(api, query, cancellation);
        if (parsed.GetValue(_json))
        {
            await using var output = Console.OpenStandardOutput();
            await output.WriteAsync(answer, cancellation);
            await output.WriteAsync("\n"u8.ToArray(), cancellation);
            return 0;
        }

        using var document = JsonDocument.Parse(answer);
        await using var table = Screen.OpenOutput();
        if (SearchTable.Write(document.RootElement, Screen.OfProcess(), table) == 0)
            await table.WriteLineAsync(await UnknownServiceAsync(api, parsed.GetValue(_service), cancellation) ?? "No trace matches. Drop a filter, or look further back.");
        return 0;
    }

    /// <summary>What to say when nothing is found because the service does not exist; null when it does, or none was asked for.</summary>
    static async Task<string?> UnknownServiceAsync(ApiClient api, string? service, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(service))
            return null;
        var known = await api.GetServicesAsync(cancellation);
        return known.Contains(service) ? null
            : $"No trace matches: no service '{TerminalText.Sanitize(service)}' has sent spans"
                + (NearestName.Find(service, known) is { } near ? $"; did you mean '{TerminalText.Sanitize(near)}'?" : ".");
    }

    // The server speaks of its parameters; whoever typed a command knows them as options.
    static async Task<byte[]> AskAsync(ApiClient api, IEnumerable<(string Name, string Value)> query, CancellationToken cancellation)
    {
        try
        {
            return await api.SearchAsync(query, cancellation);
        }
        catch (CommandFailedException refused)
        {
            var message = refused.Message.Replace("minDuration", "--min-duration", StringComparison.Ordinal).Replace("maxDuration", "--max-duration", StringComparison.Ordinal);
            throw new CommandFailedException(message.StartsWith("limit is", StringComparison.Ordinal) ? "--" + message : message);
        }
    }

    /// <summary>Checks what only this side can know; the server has the last word on the rest.</summary>
    IEnumerable<(string Name, string Value)> Query(ParseResult parsed, DateTimeOffset now)
    {
        var query = new List<(string Name, string? Value)>
        {
            ("service", parsed.GetValue(_service)), ("operation", parsed.GetValue(_operation)),
            ("minDuration", parsed.GetValue(_minDuration)), ("maxDuration", parsed.GetValue(_maxDuration)),
            ("limit", Count(parsed)),
        };
        query.AddRange((parsed.GetValue(_tags) ?? []).Select(tag => ("tag", (string?)Tag(tag))));
        if (parsed.GetValue(_errors))
            query.Add(("tag", "error:true"));
        if (parsed.GetValue(_since) is { } since)
        {
            if (parsed.GetValue(_start) is not null)
                throw new CommandFailedException("--since and --start both say where to begin; give one of them.");
            if (!DurationText.TryParse(since, out var duration))
                throw new CommandFailedException($"--since is '{since}'; expected a duration such as 15m, 1h or 7d.");
            query.Add(("start", Nanos(now - (duration < now - DateTimeOffset.UnixEpoch ? duration : now - DateTimeOffset.UnixEpoch))));
        }

        query.Add(("start", Time(parsed, _start)));
        query.Add(("end", Time(parsed, _end)));
        return query.Where(pair => pair.Value is not null).Select(pair => (pair.Name, pair.Value!));
    }

    string? Count(ParseResult parsed) =>
        parsed.GetValue(_limit) is not { } text || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
            ? parsed.GetValue(_limit)
            : throw new CommandFailedException($"--limit is '{text}'; expected a whole number of traces such as 20.");

    static string Tag(string text)
    {
        // The API separates at the first colon, and has an escape for those of the key.
        var equals = text.IndexOf('=');
        return equals > 0
            ? $"{text[..equals].Replace("%", "%25", StringComparison.Ordinal).Replace(":", "%3A", StringComparison.Ordinal)}:{text[(equals + 1)..]}"
            : throw new CommandFailedException($"--tag is '{text}'; expected key=value such as http.response.status_code=500.");
    }

    static string? Time(ParseResult parsed, Option<string?> option)
    {
        if (parsed.GetValue(option) is not { } text)
            return null;
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) && text.Length > 12)
            return text;
        // A time alone would mean today, of which there is one per zone.
        return DateFirst().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? Nanos(time)
            : throw new CommandFailedException($"{option.Name} is '{text}'; expected a time with its date such as 2026-11-21T08:30:00Z, a date, or Unix nanoseconds.");
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d", RegexOptions.None, 1_000)]
    private static partial Regex DateFirst();

    static string Nanos(DateTimeOffset time) => UnixNanos.From(time).Value.ToString(CultureInfo.InvariantCulture);
}
