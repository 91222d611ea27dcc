using System.CommandLine;
using Clew.Cli.Load;
using Clew.Cli.Terminal;

namespace Clew.Cli.Commands;

/// <summary><c>clew load</c>: sends traces to any receiver of OTLP, looks for them again, and reports what it took.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var arguments = new LoadArguments();
        var command = new CommandWithExamples(
            "load", "Send realistic traces to a receiver of OTLP as fast as it acknowledges them, or at a rate; look a sample of them up again; report rate, latency, CPU, memory.",
            "clew load                                                  30 s over OTLP/HTTP to a Clew server on this machine",
            "clew load --to http://127.0.0.1:4317 --duration 1m         over gRPC",
            "clew load --rate 10000 --duration 10m --interval 1m        at a rate, with a row of figures every minute",
            "clew load --spans 5000000 --settle 20s --queries 20        fill a store, then measure searches",
            "clew load --to http://tempo:4318 --query none              any receiver; what has no Jaeger query API is not looked up",
            "clew load --workload agents --connections 16 --json > load.json");
        arguments.AddTo(command);
        command.SetAction((parsed, _) => StopSignals.RunAsync(async signals =>
        {
            var options = arguments.Read(parsed);
            var screen = new LoadScreen(Screen.OfProcess().Palette, arguments.IsForMachines(parsed));
            var report = await new LoadRun(options, screen).RunAsync(signals.Requested);
            screen.End(report);
            return report.IsSomethingMissing || report.Counts.RequestCount == 0 ? 1 : 0;
        }));
        return command;
    }
}
