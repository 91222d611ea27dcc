using System.CommandLine;
using System.Globalization;
using Clew.Cli.Demo;
using Clew.Server.Configuration;

namespace Clew.Cli.Commands;

/// <summary><c>clew demo</c>: a server, and four instrumented systems that send it traces over the network.</summary>
internal sealed class DemoCommand
{
    const string DataFolder = "./clew-demo-data";
    const double RateDefault = 5;
    const double RateMax = 1_000;

    // Whoever presses Ctrl-C waits for the end; whoever gave a duration wants whole traces.
    static readonly TimeSpan PatienceAtOnce = TimeSpan.FromSeconds(1.5);
    static readonly TimeSpan PatienceInTime = TimeSpan.FromSeconds(15);

    readonly Option<string?> _rate = new("--rate") { HelpName = "NUMBER", Description = $"Requests per second, all systems together. Default {RateDefault}." };
    readonly Option<string?> _duration = new("--duration") { HelpName = "DURATION", Description = "Stop after this long, such as 30s. Default: on Ctrl-C." };
    readonly ConfigurationArguments _configuration = new();

    public static Command Create()
    {
        var demo = new DemoCommand();
        var command = new CommandWithExamples(
            "demo", "Start a server and four instrumented systems that send it traces: distributed inference, agents, peer-to-peer, key-value cache.",
            $"clew demo                                    data in {DataFolder}",
            "clew demo --rate 50 --duration 30s",
            "clew demo --set listen.ui=127.0.0.1:0 --set listen.otlp_grpc=127.0.0.1:0 --set listen.otlp_http=127.0.0.1:0")
        {
            demo._rate, demo._duration,
        };
        demo._configuration.AddTo(command);
        command.SetAction(demo.RunAsync);
        return command;
    }

    async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (rate, duration) = (Rate(parsed), Duration(parsed));
        if (_configuration.ReadOrReport(parsed, DataFolder) is not { Options: var options })
            return 1;
        using var signals = new StopSignals();
        await using var server = await RunningServer.StartAsync(options, signals.Requested);
        Console.Out.WriteLine(RunningServer.ReadyLine(server, options));
        Console.Out.WriteLine($"Four instrumented systems are sending traces; open {server.Ui.Address.GetLeftPart(UriPartial.Authority)} and press Ctrl-C here to stop.");
        if (duration is { } limit)
            signals.RequestAfter(limit);
        using var telemetry = new DemoTelemetry(server.OtlpGrpc.Address, server.OtlpHttp.Address);
        using (var traffic = new DemoTraffic(telemetry))
        {
            using var status = new DemoStatus(telemetry);
            await traffic.RunAsync(rate, duration is null ? PatienceAtOnce : PatienceInTime, signals.Requested);
        }

        // The services have sent the last of their spans.
        await server.StopAsync();
        Console.Out.WriteLine(DemoStatus.Summary(telemetry));
        return 0;
    }

    double Rate(ParseResult parsed) =>
        parsed.GetValue(_rate) is not { } text ? RateDefault
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) && rate is > 0 and <= RateMax ? rate
        : throw new CommandFailedException($"--rate is '{text}'; expected requests per second, more than 0 and at most {RateMax}.");

    TimeSpan? Duration(ParseResult parsed) =>
        parsed.GetValue(_duration) is not { } text ? null
        : DurationText.TryParse(text, out var duration) && duration > TimeSpan.Zero && duration < TimeSpan.FromDays(40) ? duration
        : throw new CommandFailedException($"--duration is '{text}'; expected a duration such as 30s or 10m.");
}
