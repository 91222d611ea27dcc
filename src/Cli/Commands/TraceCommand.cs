using System.CommandLine;
using Clew.Cli.Terminal;
using Clew.Model;

namespace Clew.Cli.Commands;

/// <summary><c>clew trace</c>: one trace as a tree.</summary>
internal static class TraceCommand
{
    public static Command Create()
    {
        var command = new CommandWithExamples(
            "trace", "Show one trace as a tree with durations.",
            "clew trace 4bf92f3577b34da6a3ce929d0e0e4736",
            "clew trace 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "clew trace 4bf92f3577b34da6a3ce929d0e0e4736 --events --attributes",
            "clew trace 4bf92f3577b34da6a3ce929d0e0e4736 --json | jq '.resourceSpans[].scopeSpans[].spans[].name'",
            "clew trace 4bf92f3577b34da6a3ce929d0e0e4736 --server http://traces.example:16686 | less");
        var id = new Argument<string[]>("id")
        {
            Description = "The trace's id: up to 32 hexadecimal digits; or the value of a traceparent header.",
            // Of several words the wrong one is told, not the last.
            Arity = ArgumentArity.OneOrMore,
        };
        var events = new Option<bool>("--events") { Description = "Show the events of each span, exceptions with their stack." };
        var attributes = new Option<bool>("--attributes") { Description = "Show the attributes, kind, ids and links of each span." };
        var json = new Option<bool>("--json") { Description = "Print the trace as the server gives it: OTLP/JSON." };
        var server = ServerOption.Create();
        command.Arguments.Add(id);
        command.Options.Add(events);
        command.Options.Add(attributes);
        command.Options.Add(json);
        command.Options.Add(server);
        command.SetAction(async (parsed, cancellation) =>
        {
            var words = parsed.GetRequiredValue(id);
            StrayOption.ThrowIfAny(words, command, "'clew trace --help' shows what there is.");
            TraceId[] ids = [.. words.Select(Read)];
            if (ids is not [var traceId])
                throw new CommandFailedException($"unknown argument '{words[1]}': one trace is shown at a time; 'clew trace --help' shows what there is.");
            using var api = server.Connect(parsed);
            if (parsed.GetValue(json))
            {
                await Screen.WriteAsync(await api.AskAsync($"traces/{traceId}", [], cancellation), cancellation);
                return 0;
            }

            var trace = await api.GetTraceAsync(traceId, cancellation);
            await using var output = Screen.OpenOutput();
            TraceTree.Write(trace, Screen.OfProcess(), new TraceTreeDetail(parsed.GetValue(events), parsed.GetValue(attributes)), output);
            return 0;
        });
        return command;
    }

    static TraceId Read(string text) => TraceId.TryParse(IdIn(text), out var id) && !id.IsAbsent
        ? id
        : throw new CommandFailedException($"'{TerminalText.Sanitize(text)}' is not a trace id: expected up to 32 hexadecimal digits, not all of them 0, or a traceparent.");

    // W3C Trace Context: version-traceid-parentid-flags, and whatever later versions append.
    static string IdIn(string text) => text.Trim().Split('-') is [{ Length: 2 }, { Length: 32 } id, { Length: 16 }, { Length: 2 }, ..] ? id : text;
}
