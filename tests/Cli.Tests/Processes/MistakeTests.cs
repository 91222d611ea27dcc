using System.Net;
using System.Net.Sockets;

namespace Clew.Cli.Tests.Processes;

/// <summary>A mistake gets one line on standard error that says what to do, exit code 1, and no stack trace.</summary>
public sealed class MistakeTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Mistakes => new()
    {
        { "", "no command given: try 'clew demo'" },
        { "serch", "unknown command 'serch'; did you mean 'search'?" },
        { "xylophone", "unknown command 'xylophone'; 'clew --help' shows what there is." },
        { "serve --dta x", "unknown option '--dta'; did you mean '--data'?" },
        { "search --min_duration=3s", "unknown option '--min_duration=3s'; did you mean '--min-duration'?" },
        { "serve extra", "unknown argument 'extra'; 'clew serve --help' shows what there is." },
        { "serve --data", "--data" },
        { "serve --set listen.uii=127.0.0.1:1", "--set listen.uii=127.0.0.1:1: unknown key 'listen.uii'; did you mean 'listen.ui'?" },
        { "serve --config nowhere.yaml", "nowhere.yaml: no such file" },
        { "serve --data /dev/null", "/dev/null cannot be used" },
        { "demo --rate many", "--rate is 'many'; expected requests per second" },
        { "demo --rate 0", "--rate is '0'" },
        { "demo --duration 3", "--duration is '3'; expected a duration" },
        { "demo --to ftp://x", "--to is 'ftp://x'; expected the address of OTLP over HTTP" },
        { "demo --to localhost:1", "no answer from http://localhost:1/v1/traces" },
        { "demo --to localhost:1 --data x", "--to sends to a server that is running; --config, --data and --set are for one that the demo starts." },
        { "load --rate fast", "--rate is 'fast'; expected spans per second" },
        { "load --spans 0", "--spans is '0'; expected a whole number, 1 or more." },
        { "load --duration 3", "--duration is '3'; expected a duration such as 30s or 10m." },
        { "load --protocol zipkin", "--protocol is 'zipkin'; expected http or grpc." },
        { "load --workload agent", "--workload is 'agent'; did you mean 'agents'?" },
        { "load --to ftp://x", "--to is 'ftp://x'; expected the address of a receiver of OTLP" },
        { "load --to localhost:1", "no answer from http://localhost:1/v1/traces (HTTP)" },
        { "load --conections 3", "unknown option '--conections'; did you mean '--connections'?" },
        { "trace", "'id'" },
        { "trace xyz", "'xyz' is not a trace id: expected up to 32 hexadecimal digits" },
        { "trace 0", "'0' is not a trace id" },
        { "trace show 1", "'show' is not a trace id" },
        { "trace 1 2", "unknown argument '2': one trace is shown at a time" },
        { "trace --evnts 1", "unknown option '--evnts'; did you mean '--events'?" },
        { "trace 1 --evnts", "unknown option '--evnts'; did you mean '--events'?" },
        { "trace 1 --server localhost:1", "no answer from http://localhost:1/" },
        { "trace 1 --server ftp://x", "'ftp://x' is not the URL of a server" },
        { "search --since tomorrow", "--since is 'tomorrow'; expected a duration" },
        { "search --since 1h --start 2026-11-21", "give one of them" },
        { "search --end yesterday", "--end is 'yesterday'; expected a time with its date such as 2026-11-21T08:30:00Z" },
        { "search --start 01:00", "--start is '01:00'; expected a time with its date" },
        { "search --tag colour", "--tag is 'colour'; expected key=value" },
        { "store", "clew store needs one of verify, stats, backup, export, compact" },
        { "store veryfy", "unknown command 'veryfy'; did you mean 'verify'? 'clew store --help' shows what there is." },
        { "store stats --jsn", "unknown option '--jsn'; did you mean '--json'? 'clew store stats --help' shows what there is." },
        { "store stats --data nowhere", "nowhere cannot be used: it does not exist" },
        { "store stats --data .", "cannot be used: there is no store in it" },
        { "store stats --data /dev/null", "/dev/null cannot be used: it is a file" },
        { "store backup", "'dir'" },
        { "store export --format xml", "--format is 'xml'; expected json or protobuf" },
        { "store export --trace xyz", "--trace is 'xyz'; expected up to 32 hexadecimal digits" },
        { "store export --min-duration long", "--min-duration is 'long'; expected a duration such as 100ms" },
        { "store export --min-duration 2s --max-duration 1s", "--max-duration 1s is shorter than --min-duration 2s" },
        { "store export --start 2026-11-21 --end 2026-11-20", "--end 2026-11-20 is before the beginning" },
        { "query --since tomorrow", "--since is 'tomorrow'; expected a duration" },
        { "query --since 1h --start now-2h", "give one of them" },
        { "query --start noon", "--start is 'noon'; expected 2026-01-02T03:04, now-15m, 15m (ago) or Unix nanoseconds" },
        { "query --start now --end now-1h", "the range ends before it starts" },
        { "query --json --csv", "--json and --csv are two forms of one answer" },
        { "query --server localhost:1", "no answer from http://localhost:1/" },
        { "tail --count many", "--count is 'many'; expected a whole number of spans such as 10." },
        { "tail --jsn", "unknown option '--jsn'; did you mean '--json'?" },
        { "tail --server localhost:1", "no answer from http://localhost:1/" },
        { "search --limit few", "--limit is 'few'; expected a whole number" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_is_answered_with_one_line(string arguments, string expected)
    {
        var result = await ClewCommand.RunAsync(_folder.Path, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        AssertOneLine(result, expected);
    }

    [Fact]
    public async Task Every_problem_of_the_configuration_has_its_own_line()
    {
        _folder.Write("clew.yaml", "listen:\n  uii: 1\nlimits:\n  retry_after: soon\n");
        var result = await ClewCommand.RunAsync(_folder.Path, ["serve"], ("CLEW_LIMITS__NESTING_MAX", "0"));
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            [
                "clew: clew.yaml:2: unknown key 'listen.uii'; did you mean 'listen.ui'?",
                "clew: clew.yaml:4: limits.retry_after is 'soon'; expected a duration such as 500ms, 10s or 1h.",
                "clew: CLEW_LIMITS__NESTING_MAX: limits.nesting_max is 0; expected 1 to 240.",
            ], result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("demo")]
    public async Task A_port_in_use_is_answered_with_the_key_and_the_fix(string command)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var result = await ClewCommand.RunAsync(
            _folder.Path, [command, .. ClewCommand.FreePorts, $"listen.ui=127.0.0.1:{port}"]);
        AssertOneLine(result, $"listen.ui 127.0.0.1:{port} cannot be listened on");
        Assert.Contains("--set listen.ui=", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_ports_in_use_are_named_at_once_and_no_folder_is_made()
    {
        using TcpListener grpc = new(IPAddress.Loopback, 0), ui = new(IPAddress.Loopback, 0);
        grpc.Start();
        ui.Start();
        var result = await ClewCommand.RunAsync(
            _folder.Path,
            ["serve", .. ClewCommand.FreePorts, $"listen.ui={ui.LocalEndpoint}", $"listen.otlp_grpc={grpc.LocalEndpoint}"]);
        AssertOneLine(
            result,
            $"listen.otlp_grpc {grpc.LocalEndpoint} and listen.ui {ui.LocalEndpoint} cannot be listened on: another program uses them. "
                + "Stop that program, or choose other ports with --set listen.otlp_grpc=127.0.0.1:PORT --set listen.ui=127.0.0.1:PORT.");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_configuration_with_problems_is_not_shown()
    {
        _folder.Write("clew.yaml", "listen:\n  uii: 1\n");
        var result = await ClewCommand.RunAsync(_folder.Path, ["config"]);
        AssertOneLine(result, "unknown key 'listen.uii'");
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task A_second_process_on_the_same_folder_is_told_who_holds_it()
    {
        using var first = await ClewCommand.ServeAsync(_folder.Path);
        var second = await ClewCommand.RunAsync(_folder.Path, ["serve", "--data", Path.Combine(_folder.Path, "data"), .. ClewCommand.FreePorts]);
        AssertOneLine(second, "is in use by process");
        Assert.Contains("--data DIR", second.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    static void AssertOneLine(CommandResult result, string expected)
    {
        Assert.Equal(1, result.ExitCode);
        var line = Assert.Single(result.Errors.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("clew: ", line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", line, StringComparison.Ordinal);
    }
}
