using System.CommandLine;
using Clew.Cli.Terminal;
using Clew.Storage;
using Clew.Storage.Compaction;

namespace Clew.Cli.Commands.Store;

/// <summary><c>clew store compact</c>: brings a store into the state that a server would give it in time.</summary>
internal static class StoreCompactCommand
{
    public static Command Create()
    {
        var command = new CommandWithExamples(
            "compact", "Seal, merge, move and expire at once what a server would little by little. No server may be running on the folder.",
            "clew store compact",
            "clew store compact --data /var/lib/clew --set storage.compaction.merge_blocks_min=2");
        var arguments = new ConfigurationArguments();
        arguments.AddTo(command);
        command.SetAction((parsed, _) => StopSignals.RunAsync(async signals =>
        {
            if (arguments.ReadOrReport(parsed) is not { Options: var options })
                return 1;
            try
            {
                var result = await OfflineCompaction.RunAsync(options.Storage, options.DataFolder, TimeProvider.System, Report, signals.Requested);
                Console.Out.WriteLine(
                    $"Compacted {TerminalText.Sanitize(Path.GetFullPath(options.DataFolder))}: {result.BlocksBefore} blocks of {BytesText.Of(result.BytesBefore)} "
                    + $"are {result.BlocksAfter} of {BytesText.Of(result.BytesAfter)}.");
                return result.Damage.Count == 0 ? 0 : 1;
            }
            catch (OperationCanceledException)
            {
                throw new CommandFailedException("interrupted; what was done so far is done, and the store is whole.");
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
            {
                throw new CommandFailedException(failure.Message, failure);
            }
        }));
        return command;
    }

    // Each step is a line, as it is done; what went wrong looks like any other failure.
    static void Report(StorageEvent happened)
    {
        if (happened.Level == StorageEventLevel.Error)
            CommandLine.Fail(happened.Message);
        else
            Console.Error.WriteLine(TerminalText.Sanitize(happened.Message));
    }
}
