using System.CommandLine;
using Clew.Cli.Terminal;
using Clew.Storage.Inspection;

namespace Clew.Cli.Commands.Store;

/// <summary><c>clew store backup</c>: a copy of a store that can be opened in its place.</summary>
internal static class StoreBackupCommand
{
    public static Command Create()
    {
        var command = new CommandWithExamples(
            "backup", "Copy the data folder, consistently, also while a server works in it.",
            "clew store backup /backups/monday --data /var/lib/clew    restore: clew serve --data /backups/monday",
            "clew store backup /mnt/usb/clew --copy                    nothing shared with the store's own files",
            "clew store backup /mnt/usb/clew --with-buckets            with the blocks that were moved to a bucket");
        var target = new Argument<string>("dir") { Description = "The folder to make. It must not exist yet, or be empty." };
        var copy = new Option<bool>("--copy") { Description = "Copy blocks even on the same file system, where they otherwise become a second name of the same file." };
        var skip = new Option<bool>("--no-verify") { Description = "Do not read the finished backup to see whether it is whole." };
        var buckets = new Option<bool>("--with-buckets") { Description = "Copy the blocks in buckets (storage.warm, storage.cold) too, which otherwise stay there and are not in the backup." };
        var arguments = new ConfigurationArguments();
        command.Arguments.Add(target);
        command.Options.Add(copy);
        command.Options.Add(skip);
        command.Options.Add(buckets);
        arguments.AddTo(command);
        command.SetAction((parsed, _) => StoreCommand.RunAsync(parsed, arguments, (snapshot, cancellation) =>
        {
            if (parsed.GetValue(buckets) && snapshot.LeftOut is [var leftOut, ..])
                throw new CommandFailedException($"{leftOut} Give that setting as the server has it, or leave out --with-buckets.");
            VerificationReport? report = null;
            var backup = new StoreBackup(snapshot, parsed.GetRequiredValue(target))
            {
                MayLink = !parsed.GetValue(copy),
                Check = parsed.GetValue(skip) ? _ => { } : finished => report = Verify(finished, cancellation),
            };
            Console.Out.WriteLine(StoreCommand.Heading(snapshot));
            BackupResult result;
            using (var progress = ProgressLine.OfProcess("copied"))
                result = backup.Run(progress, cancellation);
            Console.Out.WriteLine(
                $"Backup {TerminalText.Sanitize(backup.Target)}: {result.BlockCount} blocks ({result.LinkedCount} shared with the store, {BytesText.Of(result.LinkedBytes)}), "
                + $"{result.SegmentCount} segments, {BytesText.Of(result.CopiedBytes)} copied and compared.");
            foreach (var stays in snapshot.LeftOut)
                Console.Out.WriteLine($"note: {stays} They stay there: keep it, or make the backup --with-buckets.");
            if (report is null)
                return 0;
            // That they are not in the backup is as it was asked for, and was said.
            report = report with { Unchecked = [.. report.Unchecked.Except(snapshot.LeftOut)] };
            // What is damaged in the backup is so in the store: what was copied was compared.
            StoreVerifyCommand.Write(report, Screen.OfProcess().Palette, Console.Out);
            return report.IsGood ? 0 : 1;
        }, hasBuckets: parsed.GetValue(buckets)));
        return command;
    }

    static VerificationReport Verify(StoreSnapshot finished, CancellationToken cancellation)
    {
        using var progress = ProgressLine.OfProcess("verified");
        return StoreVerification.Run(finished, progress, cancellation);
    }
}
