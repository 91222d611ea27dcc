using System.CommandLine;
using System.Globalization;
using Clew.Cli.Load;
using Clew.Cli.Load.Corpus;
using Clew.Model;
using Clew.Server.Configuration;

namespace Clew.Cli.Commands;

/// <summary>The options of <c>clew load</c>.</summary>
internal sealed class LoadArguments
{
    const string TargetDefault = "http://127.0.0.1:4318";
    const string DurationDefault = "30s";
    const int ConnectionCountMax = 1_024;
    const int TraceCountMax = 100_000;
    const int QuestionCountMax = 100_000;
    const double RateMax = 100_000_000;

    readonly Option<string?> _to = Text("--to", "URL", $"The receiver of OTLP. Default {TargetDefault}.");
    readonly Option<string?> _protocol = Text("--protocol", "http|grpc", "OTLP over HTTP with protobuf, or over gRPC. Default: gRPC for port 4317, else HTTP.");
    readonly Option<string?> _rate = Text("--rate", "NUMBER", "Spans per second. Default: as fast as they are acknowledged.");
    readonly Option<string?> _duration = Text("--duration", "DURATION", $"Send for this long, such as 30s or 1h. Default {DurationDefault}, unless --spans says when to stop.");
    readonly Option<string?> _spans = Text("--spans", "COUNT", "Stop after the request with which this many spans are sent.");
    readonly Option<string?> _connections = Text("--connections", "COUNT", "Connections, each with one request in flight. Default 4.");
    readonly Option<string?> _query = Text(
        "--query", "URL|none", "Jaeger's query API, by which a sample is looked up again. Default: port 16686 of the receiver's host, if somebody answers there.");
    readonly Option<string?> _lookUps = Text("--lookups", "COUNT", "Traces to look up again. Default 200.");
    readonly Option<string?> _wait = Text("--wait", "DURATION", "How long a receiver may take to show what it acknowledged. Default 30s.");
    readonly Option<string?> _queries = Text("--queries", "COUNT", "Measure searches, each of eight kinds this many times. Default 0.");
    readonly Option<string?> _settle = Text("--settle", "DURATION", "Wait between the last request and the look-ups. Default 0s.");
    readonly Option<string?> _interval = Text("--interval", "DURATION", "Print a row of figures this often, at least 1s: for long runs.");
    readonly Option<string?> _processId = Text(
        "--pid", "ID", "The server's process, when it runs on this machine: for its CPU and memory. A Clew server tells them by itself.");
    readonly Option<string[]> _workloads = new("--workload")
    {
        HelpName = string.Join('|', WorkloadMix.Names), Description = "Send traces of this system only; repeatable. Default: all of them.",
        AllowMultipleArgumentsPerToken = true,
    };
    readonly Option<string?> _seed = Text("--seed", "NUMBER", "Which corpus. Default 1. Ids and times differ in every run.");
    readonly Option<string?> _traces = Text("--traces", "COUNT", "Distinct traces of the corpus. Default 8000.");
    readonly Option<bool> _json = new("--json") { Description = "Print the report as JSON." };

    public void AddTo(Command command)
    {
        Option[] options =
        [
            _to, _protocol, _rate, _duration, _spans, _connections, _query, _lookUps, _wait, _queries, _settle, _interval, _processId, _workloads, _seed, _traces, _json,
        ];
        foreach (var option in options)
            command.Options.Add(option);
    }

    public bool IsForMachines(ParseResult parsed) => parsed.GetValue(_json);

    /// <exception cref="CommandFailedException">An option has a value that cannot be meant.</exception>
    public LoadOptions Read(ParseResult parsed)
    {
        var duration = Duration(parsed, _duration, TimeSpan.FromMilliseconds(1));
        var spans = Whole(parsed, _spans, 1, long.MaxValue);
        var defaults = new LoadOptions { Target = Target(parsed) };
        return defaults with
        {
            SpansPerSecond = Rate(parsed),
            Duration = duration ?? (spans is null ? TimeSpan.FromSeconds(30) : null),
            SpanCount = spans,
            ConnectionCount = (int?)Whole(parsed, _connections, 1, ConnectionCountMax) ?? defaults.ConnectionCount,
            IsChecked = parsed.GetValue(_query) is not "none",
            Query = Query(parsed),
            LookUpCount = (int?)Whole(parsed, _lookUps, 1, QuestionCountMax) ?? defaults.LookUpCount,
            Patience = Duration(parsed, _wait, TimeSpan.Zero) ?? defaults.Patience,
            SearchRepeatCount = (int?)Whole(parsed, _queries, 0, QuestionCountMax) ?? 0,
            Settle = Duration(parsed, _settle, TimeSpan.Zero) ?? TimeSpan.Zero,
            Interval = Duration(parsed, _interval, TimeSpan.FromSeconds(1)),
            ProcessId = (int?)Whole(parsed, _processId, 1, int.MaxValue),
            Mix = Mix(parsed),
            Seed = (ulong?)Whole(parsed, _seed, 0, long.MaxValue) ?? defaults.Seed,
            TraceCount = (int?)Whole(parsed, _traces, 1, TraceCountMax) ?? defaults.TraceCount,
        };
    }

    static Option<string?> Text(string name, string helpName, string description) => new(name) { HelpName = helpName, Description = description };

    LoadTarget Target(ParseResult parsed)
    {
        LoadProtocol? protocol = parsed.GetValue(_protocol) switch
        {
            null => null,
            "http" => LoadProtocol.Http,
            "grpc" => LoadProtocol.Grpc,
            var other => throw new CommandFailedException($"--protocol is '{other}'; expected http or grpc."),
        };
        var address = parsed.GetValue(_to) ?? TargetDefault;
        return LoadTarget.TryParse(address, protocol)
            ?? throw new CommandFailedException($"--to is '{address}'; expected the address of a receiver of OTLP, such as {TargetDefault}.");
    }

    Uri? Query(ParseResult parsed)
    {
        if (parsed.GetValue(_query) is not { } text || text == "none")
            return null;
        return Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new CommandFailedException($"--query is '{text}'; {JaegerClient.AddressExpected}");
    }

    WorkloadMix Mix(ParseResult parsed)
    {
        if (parsed.GetValue(_workloads) is not { Length: > 0 } names)
            return WorkloadMix.Everything();
        foreach (var name in names)
        {
            if (!WorkloadMix.Names.Contains(name))
            {
                throw new CommandFailedException($"--workload is '{name}'; "
                    + (NearestName.Find(name, WorkloadMix.Names) is { } near ? $"did you mean '{near}'?" : $"there are {string.Join(", ", WorkloadMix.Names)}."));
            }
        }

        return WorkloadMix.Of(names);
    }

    double? Rate(ParseResult parsed) =>
        parsed.GetValue(_rate) is not { } text ? null
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) && rate is > 0 and <= RateMax ? rate
        : throw new CommandFailedException($"--rate is '{text}'; expected spans per second, more than 0, such as 10000.");

    static TimeSpan? Duration(ParseResult parsed, Option<string?> option, TimeSpan min) =>
        parsed.GetValue(option) is not { } text ? null
        : DurationText.TryParse(text, out var duration) && duration >= min && duration < TimeSpan.FromDays(40) ? duration
        : throw new CommandFailedException($"{option.Name} is '{text}'; expected a duration such as 30s or 10m.");

    static long? Whole(ParseResult parsed, Option<string?> option, long min, long max) =>
        parsed.GetValue(option) is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number
        : throw new CommandFailedException($"{option.Name} is '{text}'; expected a whole number, {min}{(max == long.MaxValue ? " or more" : $" to {max}")}.");
}
