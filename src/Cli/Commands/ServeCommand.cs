using System.CommandLine;

namespace Clew.Cli.Commands;

/// <summary><c>clew serve</c>: receives, stores and shows traces until it is told to stop.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var command = new CommandWithExamples(
            "serve", "Receive, store and show traces.",
            "clew serve                                      everything on its standard port, data in ./clew-data",
            "clew serve --config clew.yaml --data /var/lib/clew",
            "clew serve --set listen.ui=127.0.0.1:8080 --set limits.request_bytes_max=16MiB",
            "CLEW_LISTEN__OTLP_GRPC='*:4317' clew serve      receive spans of other machines");
        var arguments = new ConfigurationArguments();
        arguments.AddTo(command);
        command.SetAction((parsed, _) => StopSignals.RunAsync(async signals =>
        {
            if (arguments.ReadOrReport(parsed) is not { Options: var options })
                return 1;
            await using var server = await RunningServer.StartAsync(options, signals.Requested);
            Console.Out.WriteLine(RunningServer.ReadyLine(server, options));
            if (RunningServer.OpenLine(server) is { } open)
                Console.Out.WriteLine(open);
            await signals.WaitAsync();
            Console.Out.WriteLine(RunningServer.StoppingLine(server));
            await server.StopAsync();
            return 0;
        }));
        return command;
    }
}
