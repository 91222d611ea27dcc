using System.CommandLine;
using System.Globalization;
using Clew.Cli.Demo;
using Clew.Server;
using Clew.Server.Configuration;
using Clew.Server.Hosting;

namespace Clew.Cli.Commands;

/// <summary><c>clew demo</c>: four instrumented systems that send traces over the network, to a server of their own or to one that runs already.</summary>
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
    readonly Option<string?> _to = new("--to") { HelpName = "URL", Description = "Start no server, send to this one: its address for OTLP over HTTP, such as http://127.0.0.1:4318." };
    readonly ConfigurationArguments _configuration = new();

    public static Command Create()
    {
        var demo = new DemoCommand();
        var command = new CommandWithExamples(
            "demo", "Start a server and four instrumented systems that send it traces: distributed inference, agents, peer-to-peer, key-value cache.",
            $"clew demo                                    data in {DataFolder}",
            "clew demo --rate 50 --duration 30s",
            "clew demo --to http://127.0.0.1:4318          to a server that is running",
            "clew demo --set listen.ui=127.0.0.1:0 --set listen.otlp_grpc=127.0.0.1:0 --set listen.otlp_http=127.0.0.1:0 --set listen.jaeger_grpc=127.0.0.1:0 --set listen.zipkin=127.0.0.1:0 --set listen.tempo=127.0.0.1:0")
        {
            demo._rate, demo._duration, demo._to,
        };
        demo._configuration.AddTo(command);
        command.SetAction((parsed, _) => StopSignals.RunAsync(signals => demo.RunAsync(parsed, signals)));
        return command;
    }

    async Task<int> RunAsync(ParseResult parsed, StopSignals signals)
    {
        var (rate, duration) = (Rate(parsed), Duration(parsed));
        if (Target(parsed) is { } target)
        {
            await target.CheckAsync(signals.Requested);
            Console.Out.WriteLine($"Four instrumented systems are sending traces to {target.Endpoint}; press Ctrl-C here to stop.");
            Console.Out.WriteLine(await SendAsync([target], rate, duration, signals));
            return 0;
        }

        if (_configuration.ReadOrReport(parsed, DataFolder) is not { Options: var options })
            return 1;
        await using var server = await StartServerAsync(options, signals.Requested);
        Console.Out.WriteLine(RunningServer.ReadyLine(server, options));
        Console.Out.WriteLine($"Four instrumented systems are sending traces; open {server.Ui.Address.GetLeftPart(UriPartial.Authority)} and press Ctrl-C here to stop.");
        var summary = await SendAsync([DemoTarget.Grpc(server.OtlpGrpc.Address), DemoTarget.Http(server.OtlpHttp.Address)], rate, duration, signals);
        await server.StopAsync();
        Console.Out.WriteLine(summary);
        return 0;
    }

    /// <summary>Sends until it is time to stop; when it returns, the services have sent the last of their spans.</summary>
    /// <returns>What was sent, in a sentence.</returns>
    static async Task<string> SendAsync(DemoTarget[] targets, double rate, TimeSpan? duration, StopSignals signals)
    {
        if (duration is { } limit)
            signals.RequestAfter(limit);
        using var telemetry = new DemoTelemetry(targets);
        using (var traffic = new DemoTraffic(telemetry))
        {
            using var status = new DemoStatus(telemetry);
            await traffic.RunAsync(rate, duration is null ? PatienceAtOnce : PatienceInTime, signals.Requested);
        }

        return DemoStatus.Summary(telemetry);
    }

    // Most often the ports are taken because a server runs already, which is one that the demo could be sent to.
    static async Task<ClewServer> StartServerAsync(ClewOptions options, CancellationToken cancellation)
    {
        try
        {
            return await RunningServer.StartAsync(options, cancellation);
        }
        catch (CommandFailedException failed) when (failed.InnerException is ListenException)
        {
            if (await RunningServer.FindOtlpHttpAsync(options.Listen.Ui, cancellation) is { } otlpHttp)
                throw new CommandFailedException($"{failed.Message} Clew is running there: 'clew demo --to {otlpHttp}' sends to it.", failed);
            throw;
        }
    }

    DemoTarget? Target(ParseResult parsed)
    {
        if (parsed.GetValue(_to) is not { } text)
            return null;
        if (_configuration.AreGiven(parsed))
            throw new CommandFailedException("--to sends to a server that is running; --config, --data and --set are for one that the demo starts.");
        return Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? DemoTarget.Http(address)
            : throw new CommandFailedException($"--to is '{text}'; expected the address of OTLP over HTTP, such as http://127.0.0.1:4318.");
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
