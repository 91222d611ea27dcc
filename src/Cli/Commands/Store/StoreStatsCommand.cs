using System.CommandLine;
using System.Text.Json;
using Clew.Cli.Terminal;
using Clew.Storage.Inspection;

namespace Clew.Cli.Commands.Store;

/// <summary><c>clew store stats</c>: what is in a store, and what it takes.</summary>
internal static class StoreStatsCommand
{
    static readonly JsonSerializerOptions JsonForm = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create()
    {
        var command = new CommandWithExamples(
            "stats", "Show what is in the data folder, file by file and column by column.",
            "clew store stats",
            "clew store stats --data /backups/monday --json | jq .spans");
        var json = new Option<bool>("--json") { Description = "Print the figures as JSON. Sizes are bytes, times Unix nanoseconds as text." };
        var arguments = new ConfigurationArguments();
        command.Options.Add(json);
        arguments.AddTo(command);
        command.SetAction((parsed, _) => StoreCommand.RunAsync(parsed, arguments, (snapshot, cancellation) =>
        {
            StoreFigures figures;
            using (var progress = ProgressLine.OfProcess("counted"))
                figures = StoreFigures.Of(snapshot, progress, cancellation);
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(StoreFiguresJson.Of(snapshot, figures), JsonForm));
            }
            else
            {
                Console.Out.WriteLine(StoreCommand.Heading(snapshot));
                StoreFiguresTable.Write(figures, Console.Out);
            }

            string[] missing = [.. snapshot.LeftOut, .. figures.Unreachable];
            foreach (var blocks in missing)
                CommandLine.Fail(blocks);
            foreach (var unreadable in figures.Unreadable)
                CommandLine.Fail(unreadable + " 'clew store verify' tells what is lost.");
            return figures.Unreadable.Count + missing.Length == 0 ? 0 : 1;
        }));
        return command;
    }
}
