using System.CommandLine;
using Clew.Cli.Terminal;
using Clew.Model;
using Clew.Storage.Inspection;

namespace Clew.Cli.Commands.Store;

/// <summary><c>clew store export</c>: spans as OTLP, which every receiver takes back.</summary>
internal sealed class StoreExportCommand
{
    const string PartialSuffix = ".partial";

    readonly TraceFilters _filters = new();
    readonly ConfigurationArguments _arguments = new();
    readonly Option<string[]> _traces = new("--trace") { HelpName = "ID", Description = "Of this trace; repeatable.", AllowMultipleArgumentsPerToken = true };
    readonly Option<bool> _wholeTraces = new("--whole-traces") { Description = "All spans of each trace in which a span meets the filters, instead of those spans alone." };
    readonly Option<string?> _format = new("--format") { HelpName = "FORM", Description = "json: one request per line; protobuf: each request behind its length, a varint. Default json." };
    readonly Option<string?> _output = new("--output", "-o") { HelpName = "FILE", Description = "Where to write; it gets this name when it is complete. Default: standard output." };

    public static Command Create()
    {
        var export = new StoreExportCommand();
        var command = new CommandWithExamples(
            "export", "Write spans as OTLP requests, which any OTLP receiver takes back.",
            "clew store export --since 1h --output traces.jsonl",
            "clew store export --service jeeves-llm-gateway --errors --whole-traces | gzip > errors.jsonl.gz",
            "clew store export --trace 4bf92f3577b34da6a3ce929d0e0e4736 --data /backups/monday",
            "clew store export --format protobuf --start 2026-11-20 --end 2026-11-21 -o friday.binpb");
        export._filters.AddTo(command);
        foreach (var option in (Option[])[export._traces, export._wholeTraces, export._format, export._output])
            command.Options.Add(option);
        export._arguments.AddTo(command);
        command.SetAction(export.RunAsync);
        return command;
    }

    Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var selection = _filters.Read(parsed, TimeProvider.System.GetUtcNow()).ToSelection();
        var traces = (parsed.GetValue(_traces) ?? []).Select(TraceIdOf).ToArray();
        var format = FormatOf(parsed.GetValue(_format) ?? "json");
        return StoreCommand.RunAsync(parsed, _arguments, (snapshot, stop) =>
        {
            var export = new SpanExport(snapshot, selection) { Traces = traces, HasWholeTraces = parsed.GetValue(_wholeTraces) };
            Console.Error.WriteLine(StoreCommand.Heading(snapshot));
            var (spans, requests) = parsed.GetValue(_output) is { } file ? ToFile(export, format, file, stop) : ToOutput(export, format, stop);
            foreach (var missing in export.Missing.Concat(snapshot.LeftOut))
                CommandLine.Fail(missing);
            Console.Error.WriteLine($"Exported {spans:N0} spans in {requests:N0} requests.");
            return export.Missing.Count + snapshot.LeftOut.Count == 0 ? 0 : 1;
        });
    }

    static (long Spans, long Requests) ToOutput(SpanExport export, ExportFormat format, CancellationToken stop)
    {
        using var output = new BufferedStream(Console.OpenStandardOutput(), 1 << 20);
        return Write(export, output, format, stop);
    }

    static (long Spans, long Requests) ToFile(SpanExport export, ExportFormat format, string file, CancellationToken stop)
    {
        var partial = file + PartialSuffix;
        try
        {
            (long, long) written;
            using (var output = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 20))
            {
                written = Write(export, output, format, stop);
                output.Flush(flushToDisk: true);
            }

            File.Move(partial, file, overwrite: true);
            return written;
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    static (long Spans, long Requests) Write(SpanExport export, Stream output, ExportFormat format, CancellationToken stop)
    {
        var stream = new ExportStream(output, format);
        long spans = 0, requests = 0;
        using var progress = ProgressLine.OfProcess("read");
        foreach (var batch in export.Read(progress, stop))
        {
            stream.Write(batch);
            spans += batch.SpanCount;
            requests++;
        }

        return (spans, requests);
    }

    static TraceId TraceIdOf(string text) => TraceId.TryParse(text, out var id) && !id.IsAbsent
        ? id
        : throw new CommandFailedException($"--trace is '{text}'; expected up to 32 hexadecimal digits, not all of them 0.");

    static ExportFormat FormatOf(string text) => text switch
    {
        "json" => ExportFormat.Json,
        "protobuf" => ExportFormat.Protobuf,
        _ => throw new CommandFailedException($"--format is '{text}'; expected json or protobuf."),
    };
}
