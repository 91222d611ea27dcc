using System.CommandLine;
using Clew.Cli.Terminal;
using Clew.Storage.Inspection;

namespace Clew.Cli.Commands.Store;

/// <summary><c>clew store</c>: looks after a data folder, by its files alone. All but <c>compact</c> only read it, and a server may go on working in it.</summary>
internal static class StoreCommand
{
    public static Command Create() => new CommandWithExamples(
        "store", "Look after the data folder: check it, measure it, back it up, export from it, compact it.",
        "clew store verify                               every byte of ./clew-data against its checksum",
        "clew store stats --data /var/lib/clew",
        "clew store backup /backups/monday               while the server runs; restore with clew serve --data /backups/monday",
        "clew store export --since 1h --output traces.jsonl")
    {
        StoreVerifyCommand.Create(),
        StoreStatsCommand.Create(),
        StoreBackupCommand.Create(),
        StoreExportCommand.Create(),
        StoreCompactCommand.Create(),
    };

    /// <summary>Runs what reads a store, until it is done or a signal comes.</summary>
    /// <param name="hasBuckets">Whether blocks outside of the data folder are within reach.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(
        ParseResult parsed, ConfigurationArguments arguments, Func<StoreSnapshot, CancellationToken, int> run, bool hasBuckets = true) => StopSignals.RunAsync(signals =>
    {
        if (arguments.ReadOrReport(parsed) is not { Options: var options })
            return Task.FromResult(1);
        try
        {
            using var snapshot = StoreSnapshot.Open(options.DataFolder, hasBuckets ? options.Storage : null);
            return Task.FromResult(run(snapshot, signals.Requested));
        }
        catch (OperationCanceledException)
        {
            throw new CommandFailedException("interrupted; the store is as it was.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(failure.Message, failure);
        }
    });

    /// <summary><c>Store /var/lib/clew, in use by process 4711: as it was at 2026-11-21 03:20:11 UTC.</c></summary>
    public static string Heading(StoreSnapshot snapshot) => snapshot.Holder switch
    {
        null => $"Store {TerminalText.Sanitize(snapshot.FolderPath)}, not in use.",
        var holder => $"Store {TerminalText.Sanitize(snapshot.FolderPath)}, in use by {(holder > 0 ? $"process {holder}" : "a process")}: "
            + $"as it was at {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm:ss} UTC.",
    };
}
