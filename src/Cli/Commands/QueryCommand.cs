using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Clew.Cli.Terminal;
using Clew.Model;

namespace Clew.Cli.Commands;

/// <summary><c>clew query</c>: TraceQL, or the simple form of it. Traces come as a table, metrics as a chart.</summary>
internal sealed class QueryCommand
{
    readonly Argument<string[]> _query = new("query")
    {
        // Help would list what the running server could complete.
        HelpName = "query",
        Description = "TraceQL, such as '{ kind = server } >> { status = error }'; or key=value by blanks, such as 'service=kv-cache duration>5ms'. Shells want quotes around > and |.",
        Arity = ArgumentArity.ZeroOrMore,
    };
    readonly QueryRange _range = new();
    readonly Option<string?> _step = new("--step") { HelpName = "DURATION", Description = "Between two samples of metrics; 0 for one over the whole time. Default: what fits the screen." };
    readonly Option<string?> _limit = new("--limit") { HelpName = "COUNT", Description = "Traces to show, newest first. Default 20." };
    readonly Option<bool> _explain = new("--explain") { Description = "Show what was read for the answer, and how long it took." };
    readonly Option<bool> _json = new("--json") { Description = "Print the server's answer as it is." };
    readonly Option<bool> _csv = new("--csv") { Description = "Print a line per trace, or per sample, with commas." };
    readonly Option<bool> _complete = new("--complete") { Description = "Print what the last word of the query could become, one a line: for the completion of shells." };
    readonly ServerOption _server = ServerOption.Create();

    public static Command Create()
    {
        var query = new QueryCommand();
        var command = new CommandWithExamples(
            "query", "Ask in TraceQL, or in the simple form of it.",
            "clew query 'service=kv-cache operation=cache_lookup duration>5ms'",
            "clew query '{ kind = server } >> { status = error }' --since 24h",
            "clew query 'service=kv-cache | rate() by (name)' --start now-6h",
            "clew query '{ } | quantile_over_time(duration, .5, .99)' --start 2026-11-21T08:00 --end 2026-11-21T09:00 --step 1m",
            "clew query 'error=true | count_over_time() by (resource.service.name)' --step 0 --csv");
        command.Arguments.Add(query._query);
        query._range.AddTo(command);
        foreach (var option in (Option[])[query._step, query._limit, query._explain, query._json, query._csv, query._complete, query._server])
            command.Options.Add(option);
        query._query.CompletionSources.Add(context => QueryCompletion.Complete(query._server.Connect(context.ParseResult), context.WordToComplete));
        command.SetAction(query.RunAsync);
        return command;
    }

    async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var words = parsed.GetValue(_query) ?? [];
        StrayOption.ThrowIfAny(words, parsed.CommandResult.Command, "to look for such a word in names, quote the whole query");
        var text = string.Join(' ', words);
        using var api = _server.Connect(parsed);
        if (parsed.GetValue(_complete))
        {
            foreach (var candidate in await QueryCompletion.FindAsync(api, text, cancellation))
                Console.WriteLine(TerminalText.Sanitize(candidate));
            return 0;
        }

        if (parsed.GetValue(_json) && parsed.GetValue(_csv))
            throw new CommandFailedException("--json and --csv are two forms of one answer; give one of them.");
        var range = _range.Read(parsed, TimeProvider.System.GetUtcNow());
        try
        {
            using var waiting = WaitingLine.OfProcess();
            var translated = await TranslatedQuery.AskAsync(api, text, cancellation);
            // Who has the id of a trace wants it, whenever it was.
            if (translated.Answers == "traces" && translated.Text.StartsWith("{ trace:id = ", StringComparison.Ordinal) && !_range.IsGiven(parsed))
                range = TimeRange.All;
            return translated.Answers == "metrics"
                ? await ShowMetricsAsync(parsed, api, translated, range, waiting, cancellation)
                : await ShowTracesAsync(parsed, api, translated, range, waiting, cancellation);
        }
        catch (QueryRefusedException refused)
        {
            return QueryMistake.Show(text, refused, Screen.OfProcess(), Console.Error);
        }
    }

    async Task<int> ShowTracesAsync(ParseResult parsed, ApiClient api, TranslatedQuery query, TimeRange range, WaitingLine waiting, CancellationToken cancellation)
    {
        var shown = ShownValues.Of(query.Text);
        var answer = await api.AskAsync("search", [("q", query.Text), .. Bounds(range), ("limit", Count(parsed)), ("spans", $"{shown.SpansPerSpanset}"), Explain(parsed)], cancellation);
        waiting.Dispose();
        if (await PrintJsonAsync(parsed, answer, cancellation))
            return 0;
        using var document = JsonDocument.Parse(answer);
        await using var output = Screen.OpenOutput();
        if (parsed.GetValue(_csv))
        {
            TracesCsv.Write(document.RootElement, output);
            return 0;
        }

        var screen = Screen.OfProcess();
        query.Show();
        if (SearchTable.Write(document.RootElement, screen, output, shown) == 0)
        {
            await output.WriteLineAsync("No trace matches in this time. Drop a condition, or look further back with --since 24h.");
            QueryReportText.WriteHints(document.RootElement, output);
        }

        if (document.RootElement.TryGetProperty("next", out _))
            await output.WriteLineAsync(screen.Palette.Dim("More traces match: --limit shows more of them."));
        QueryReportText.Write(document.RootElement, screen, output);
        return 0;
    }

    async Task<int> ShowMetricsAsync(ParseResult parsed, ApiClient api, TranslatedQuery query, TimeRange range, WaitingLine waiting, CancellationToken cancellation)
    {
        var screen = Screen.OfProcess();
        var step = parsed.GetValue(_step) ?? ChartStep.For(range, SeriesChart.SampleCountFor(screen));
        var answer = await api.AskAsync("metrics", [("q", query.Text), .. Bounds(range), ("step", step), Explain(parsed)], cancellation);
        waiting.Dispose();
        if (await PrintJsonAsync(parsed, answer, cancellation))
            return 0;
        using var document = JsonDocument.Parse(answer);
        var series = MetricsAnswer.Of(document.RootElement);
        await using var output = Screen.OpenOutput();
        if (parsed.GetValue(_csv))
        {
            SeriesCsv.Write(series, output);
            return 0;
        }

        query.Show();
        SeriesChart.Write(series.Within(range), screen, output);
        QueryReportText.WriteHints(document.RootElement, output);
        QueryReportText.Write(document.RootElement, screen, output);
        return 0;
    }

    async Task<bool> PrintJsonAsync(ParseResult parsed, byte[] answer, CancellationToken cancellation)
    {
        if (!parsed.GetValue(_json))
            return false;
        await Screen.WriteAsync(answer, cancellation);
        return true;
    }

    static IEnumerable<(string Name, string? Value)> Bounds(TimeRange range) => [("start", range.From.ToString()), ("end", range.To.ToString())];

    (string Name, string? Value) Explain(ParseResult parsed) => ("explain", parsed.GetValue(_explain) ? "true" : null);

    string? Count(ParseResult parsed) =>
        parsed.GetValue(_limit) is not { } text || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
            ? parsed.GetValue(_limit)
            : throw new CommandFailedException($"--limit is '{text}'; expected a whole number of traces such as 20.");
}
