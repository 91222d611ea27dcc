using System.CommandLine;
using Clew.Cli.Terminal;
using Clew.Storage.Inspection;

namespace Clew.Cli.Commands.Store;

/// <summary><c>clew store verify</c>: every byte against its checksum, every statement against the others.</summary>
internal static class StoreVerifyCommand
{
    public static Command Create()
    {
        var command = new CommandWithExamples(
            "verify", "Read every byte of the data folder, and of the blocks in the buckets that are configured, and tell what is damaged. Exit code 1 when something is, or could not be read.",
            "clew store verify",
            "clew store verify --data /backups/monday");
        var arguments = new ConfigurationArguments();
        arguments.AddTo(command);
        command.SetAction((parsed, _) => StoreCommand.RunAsync(parsed, arguments, (snapshot, cancellation) =>
        {
            Console.Out.WriteLine(StoreCommand.Heading(snapshot));
            VerificationReport report;
            using (var progress = ProgressLine.OfProcess("verified"))
                report = StoreVerification.Run(snapshot, progress, cancellation);
            Write(report, Screen.OfProcess().Palette, Console.Out);
            return report.IsGood ? 0 : 1;
        }));
        return command;
    }

    /// <summary>One paragraph per damaged place, one line per note, and a line that sums up.</summary>
    public static void Write(VerificationReport report, Palette palette, TextWriter output)
    {
        foreach (var damage in report.Damage)
        {
            var place = damage.Bytes > 0 ? $", bytes {damage.Offset} to {damage.Offset + damage.Bytes - 1}" : "";
            output.WriteLine(palette.Error(TerminalText.Sanitize($"damaged: {damage.File}{place}: {damage.Problem}")));
            output.WriteLine(TerminalText.Sanitize($"  lost: {damage.Loss}"));
            output.WriteLine(TerminalText.Sanitize($"  do:   {damage.Advice}"));
        }

        foreach (var uncheckedBlocks in report.Unchecked)
            output.WriteLine(palette.Error(TerminalText.Sanitize($"not checked: {uncheckedBlocks}")));
        foreach (var note in report.Notes)
            output.WriteLine(TerminalText.Sanitize($"note: {note}"));
        var sum = $"{report.BlockCount} blocks and {report.SegmentCount} segments, {BytesText.Of(report.CheckedBytes)}: {report.GoodSpanCount:N0} spans are good";
        output.WriteLine(report.Damage.Count == 0 ? sum + "." : palette.Error($"{sum}; {report.Damage.Count} {(report.Damage.Count == 1 ? "place is" : "places are")} damaged."));
    }
}
