using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Clew.Cli.Terminal;
using Clew.Model;

namespace Clew.Cli.Commands;

/// <summary><c>clew search</c>: finds traces with the filters of the API.</summary>
internal sealed class SearchCommand
{
    readonly TraceFilters _filters = new();
    readonly Option<string?> _limit = new("--limit") { HelpName = "COUNT", Description = "Traces to show, newest first. Default 20." };
    readonly Option<bool> _json = new("--json") { Description = "Print the server's answer as it is." };
    readonly ServerOption _server = ServerOption.Create();

    public static Command Create()
    {
        var search = new SearchCommand();
        var command = new CommandWithExamples(
            "search", "Find traces.",
            "clew search --since 1h --errors",
            "clew search --service butterfly-coordinator --operation inference.request --min-duration 200ms",
            "clew search --tag fault.detected=true --tag node.id=coordinator-1 --limit 100",
            "clew search --start 2026-11-21T08:00:00Z --end 2026-11-21T09:00:00Z --json");
        search._filters.AddTo(command);
        command.Options.Add(search._limit);
        command.Options.Add(search._json);
        command.Options.Add(search._server);
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
            await Screen.WriteAsync(answer, cancellation);
            return 0;
        }

        using var document = JsonDocument.Parse(answer);
        await using var table = Screen.OpenOutput();
        if (SearchTable.Write(document.RootElement, Screen.OfProcess(), table) == 0)
            await table.WriteLineAsync(await UnknownServiceAsync(api, _filters.ServiceIn(parsed), cancellation) ?? "No trace matches. Drop a filter, or look further back.");
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

    IEnumerable<(string Name, string Value)> Query(ParseResult parsed, DateTimeOffset now)
    {
        (string Name, string? Value)[] query = [.. _filters.Query(parsed, now), ("limit", Count(parsed))];
        return query.Where(pair => pair.Value is not null).Select(pair => (pair.Name, pair.Value!));
    }

    string? Count(ParseResult parsed) =>
        parsed.GetValue(_limit) is not { } text || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
            ? parsed.GetValue(_limit)
            : throw new CommandFailedException($"--limit is '{text}'; expected a whole number of traces such as 20.");
}
