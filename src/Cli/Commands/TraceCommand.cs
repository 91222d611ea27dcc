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
            "clew trace 4bf92f3577b34da6a3ce929d0e0e4736 --server http://traces.example:16686 | less");
        var id = new Argument<string>("id") { Description = "The trace's id: up to 32 hexadecimal digits; or the value of a traceparent header." };
        var events = new Option<bool>("--events") { Description = "Show the events of each span, exceptions with their stack." };
        var attributes = new Option<bool>("--attributes") { Description = "Show the attributes, kind, ids and links of each span." };
        var server = ServerOption.Create();
        command.Arguments.Add(id);
        command.Options.Add(events);
        command.Options.Add(attributes);
        command.Options.Add(server);
        command.SetAction(async (parsed, cancellation) =>
        {
            var text = parsed.GetRequiredValue(id);
            if (!TraceId.TryParse(IdIn(text), out var traceId) || traceId.IsAbsent)
                throw new CommandFailedException($"'{text}' is not a trace id: expected up to 32 hexadecimal digits, not all of them 0, or a traceparent.");
            using var api = server.Connect(parsed);
            var trace = await api.GetTraceAsync(traceId, cancellation);
            await using var output = Screen.OpenOutput();
            TraceTree.Write(trace, Screen.OfProcess(), new TraceTreeDetail(parsed.GetValue(events), parsed.GetValue(attributes)), output);
            return 0;
        });
        return command;
    }

    // W3C Trace Context: version-traceid-parentid-flags, and whatever later versions append.
    static string IdIn(string text) => text.Trim().Split('-') is [{ Length: 2 }, { Length: 32 } id, { Length: 16 }, { Length: 2 }, ..] ? id : text;
}
