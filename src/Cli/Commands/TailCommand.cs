using System.CommandLine;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Clew.Cli.Terminal;

namespace Clew.Cli.Commands;

/// <summary><c>clew tail</c>: the spans that a query matches, as the server acknowledges them.</summary>
internal sealed class TailCommand
{
    readonly Argument<string[]> _query = new("query")
    {
        // Help would list what the running server could complete.
        HelpName = "query",
        Description = "Which spans, as for 'clew query'; without it all. What needs whole traces, as count() > 2 does, cannot be told of spans that come in one by one.",
        Arity = ArgumentArity.ZeroOrMore,
    };
    readonly Option<string?> _count = new("--count") { HelpName = "NUMBER", Description = "End after so many spans. Default: on Ctrl-C." };
    readonly Option<bool> _json = new("--json") { Description = "Print each span as a line of JSON." };
    readonly ServerOption _server = ServerOption.Create();

    public static Command Create()
    {
        var tail = new TailCommand();
        var command = new CommandWithExamples(
            "tail", "Show spans that match a query, as they come in.",
            "clew tail error=true",
            "clew tail '{ resource.service.name = \"kv-cache\" && duration > 5ms }'",
            "clew tail 'service=jeeves-llm-gateway' --count 10",
            "clew tail 'name=inference.request' --json | jq -r .traceId");
        command.Arguments.Add(tail._query);
        foreach (var option in (Option[])[tail._count, tail._json, tail._server])
            command.Options.Add(option);
        tail._query.CompletionSources.Add(context => QueryCompletion.Complete(tail._server.Connect(context.ParseResult), context.WordToComplete));
        command.SetAction((parsed, _) => StopSignals.RunAsync(signals => tail.RunAsync(parsed, signals.Requested)));
        return command;
    }

    async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var words = parsed.GetValue(_query) ?? [];
        StrayOption.ThrowIfAny(words, parsed.CommandResult.Command, "to look for such a word in names, quote the whole query");
        var (text, left) = (string.Join(' ', words), Count(parsed));
        using var api = _server.Connect(parsed);
        try
        {
            var query = await TranslatedQuery.AskAsync(api, text, cancellation);
            await using var output = Screen.OpenLines();
            var screen = Screen.OfProcess();
            var isJson = parsed.GetValue(_json);
            await api.TailAsync(query.Text, Opened, Take, cancellation);
            return 0;

            void Opened()
            {
                query.Show();
                if (!isJson)
                    output.WriteLine(screen.Palette.Dim(TailLine.Header));
            }

            bool Take(SseItem<string> item)
            {
                using var content = JsonDocument.Parse(item.Data);
                if (item.EventType != SseParser.EventTypeDefault)
                    return Hear(item.EventType, content.RootElement);
                output.WriteLine(isJson ? item.Data : TailLine.Of(content.RootElement, screen));
                return --left > 0;
            }
        }
        catch (QueryRefusedException refused)
        {
            return QueryMistake.Show(text, refused, Screen.OfProcess(), Console.Error);
        }
        catch (IOException)
        {
            // Whoever read the other end of the pipe has enough.
            return 0;
        }
    }

    /// <summary>What the server says beside the spans.</summary>
    static bool Hear(string what, JsonElement content)
    {
        if (what == "end")
            throw new CommandFailedException(TerminalText.Sanitize(content.GetProperty("message").GetString()!));
        if (what == "lost")
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{content.GetProperty("count").GetInt64():N0} more spans match, faster than they are read here: they are not shown."));
        return true;
    }

    long Count(ParseResult parsed) =>
        parsed.GetValue(_count) is not { } text ? long.MaxValue
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count
        : throw new CommandFailedException($"--count is '{text}'; expected a whole number of spans such as 10.");
}
