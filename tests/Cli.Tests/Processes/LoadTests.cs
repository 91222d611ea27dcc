using System.Globalization;
using System.Text.Json;

namespace Clew.Cli.Tests.Processes;

/// <summary>The load end to end: a server of its own process, the network, the store, the query API.</summary>
public sealed class LoadTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("http")]
    [InlineData("grpc")]
    public async Task What_was_acknowledged_is_found_again_span_by_span(string protocol)
    {
        using var server = await ClewCommand.ServeAsync(_folder.Path);
        var report = await ReportAsync(0, server, protocol, "--spans", "20000", "--queries", "3");
        var counts = report.GetProperty("counts");
        Assert.InRange(counts.GetProperty("spanCount").GetInt64(), 20_000, 20_511);
        Assert.Equal((0, 0, 0), (Number(counts, "refusedCount"), Number(counts, "unansweredCount"), Number(counts, "failedCount")));
        var completeness = report.GetProperty("completeness");
        Assert.Equal(100, Number(completeness, "whole"));
        Assert.Equal(100, Number(completeness, "lookedUp"));
        Assert.Equal(Number(completeness, "spanCount"), Number(completeness, "foundSpanCount"));
        Assert.Equal(counts.GetProperty("spanCount").GetInt64(), Number(report.GetProperty("store"), "spanCount"));
        Assert.True(report.GetProperty("serverCpuSeconds").GetDouble() > 0);
        Assert.True(Number(report, "serverResidentBytesMax") > 1_000_000);

        var searches = report.GetProperty("searches").EnumerateArray().ToArray();
        Assert.Equal(
            ["trace by id", "service", "service and operation", "minimum duration", "common attribute", "inner attribute", "errors", "unique attribute", "absent value"],
            searches.Select(kind => kind.GetProperty("kind").GetString()));
        Assert.All(searches, kind => Assert.Equal((0, 0), (Number(kind, "failedCount"), Number(kind, "notFoundCount"))));
        Assert.All(searches.SkipLast(1).Where(kind => kind.GetProperty("kind").GetString() != "errors"), kind => Assert.True(kind.GetProperty("tracesPerAnswer").GetDouble() > 0));
        Assert.Equal(0, searches[^1].GetProperty("tracesPerAnswer").GetDouble());
    }

    [Theory]
    [InlineData("http")]
    [InlineData("grpc")]
    public async Task What_is_refused_for_a_while_is_sent_again_and_counted(string protocol)
    {
        using var server = await ClewCommand.ServeAsync(_folder.Path, "--set", "limits.concurrent_requests_max=1", "limits.retry_after=100ms");
        var report = await ReportAsync(0, server, protocol, "--spans", "15000", "--connections", "12");
        Assert.True(Number(report.GetProperty("counts"), "refusedCount") > 0);
        Assert.InRange(Number(report.GetProperty("counts"), "spanCount"), 15_000, 15_511);
        Assert.Contains("limits.concurrent_requests_max", report.GetProperty("reasons")[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(100, Number(report.GetProperty("completeness"), "whole"));
    }

    [Fact]
    public async Task Acknowledged_and_not_found_is_told_and_ends_with_1()
    {
        using var server = await ClewCommand.ServeAsync(_folder.Path);
        using var other = await ClewCommand.ServeAsync(Directory.CreateDirectory(Path.Combine(_folder.Path, "other")).FullName);
        var load = await ClewCommand.RunAsync(_folder.Path, [.. Arguments(server, "http", other.Ui), "--spans", "20000", "--wait", "0s"]);
        Assert.Equal((1, ""), (load.ExitCode, load.Errors));
        Assert.Contains("0 of 100 traces are whole", load.Output, StringComparison.Ordinal);
        Assert.Contains("100 are not there", load.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rate_is_kept_and_rows_tell_how_it_went()
    {
        using var server = await ClewCommand.ServeAsync(_folder.Path);
        var load = await ClewCommand.RunAsync(_folder.Path, [.. Arguments(server, "http", server.Ui), "--rate", "5000", "--duration", "6s", "--interval", "2s"]);
        Assert.Equal((0, ""), (load.ExitCode, load.Errors));
        var lines = load.Output.Split('\n');
        Assert.Matches(@"^Sending to http://127\.0\.0\.1:\d+/v1/traces \(HTTP\) over 4 connections, 5,000 spans/s; corpus 1: 40\d traces, [\d,]+ spans, \d+ bytes a span\.$", lines[0]);
        Assert.Equal($"Looking up what was sent, and the server's figures, at {server.Ui}.", lines[1]);
        Assert.StartsWith("  TIME s", lines[2], StringComparison.Ordinal);
        Assert.Matches(@"^ +2 +[\d,]+ +[\d,]+ +\d+\.\d\d ", lines[3]);
        Assert.Matches(@"^ +4 ", lines[4]);
        var acknowledged = Assert.Single(lines, line => line.StartsWith("acknowledged ", StringComparison.Ordinal));
        var perSecond = double.Parse(acknowledged.Split(": ")[1].Split(' ')[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        Assert.InRange(perSecond, 3_500, 6_500);
        Assert.Contains(lines, line => line.StartsWith("from due ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_killed_under_load_and_started_again_has_everything_it_acknowledged()
    {
        var server = await ClewCommand.ServeAsync(_folder.Path);
        using var load = ClewCommand.Start(_folder.Path, [.. Arguments(server, "http", server.Ui), "--duration", "8s", "--interval", "1s"]);
        await load.LineAsync("       2 ");
        server.Signal("KILL");
        server.Dispose();
        using var again = await ClewCommand.ServeAsync(_folder.Path, "--set", $"listen.ui={server.Ui.Authority}", $"listen.otlp_http={server.OtlpHttp.Authority}");
        var result = await load.EndAsync();
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Contains("\ncompleteness  100 of 100 traces are whole, ", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(" 0 unanswered", result.Output, StringComparison.Ordinal);
        Assert.Matches(@"\nserver +\d+\.\d s of CPU: ", result.Output);
    }

    [Fact]
    public async Task Ctrl_C_ends_it_with_the_report_so_far()
    {
        using var server = await ClewCommand.ServeAsync(_folder.Path);
        using var load = ClewCommand.Start(_folder.Path, [.. Arguments(server, "http", server.Ui), "--duration", "10m", "--rate", "3000", "--interval", "1s"]);
        await load.LineAsync("  TIME s");
        load.Signal("INT");
        var result = await load.EndAsync();
        Assert.Equal("", result.Errors);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("\nacknowledged  ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receiver_without_the_query_API_is_loaded_all_the_same()
    {
        using var server = await ClewCommand.ServeAsync(_folder.Path);
        var load = await ClewCommand.RunAsync(_folder.Path, ["load", "--to", server.OtlpHttp.ToString(), "--query", "none", "--spans", "5000"]);
        Assert.Equal((0, ""), (load.ExitCode, load.Errors));
        Assert.Contains("\ncompleteness  not checked: --query none.\n", load.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_wrong_protocol_is_named()
    {
        using var server = await ClewCommand.ServeAsync(_folder.Path);
        var grpc = await ClewCommand.RunAsync(_folder.Path, ["load", "--to", server.OtlpHttp.ToString(), "--protocol", "grpc"]);
        Assert.Equal(1, grpc.ExitCode);
        Assert.Contains("(gRPC) does not take traces", grpc.Errors, StringComparison.Ordinal);
        var http = await ClewCommand.RunAsync(_folder.Path, ["load", "--to", server.Ui.ToString()]);
        Assert.Equal(1, http.ExitCode);
        Assert.Contains("does not take traces", http.Errors, StringComparison.Ordinal);
        var query = await ClewCommand.RunAsync(_folder.Path, ["load", "--to", server.OtlpHttp.ToString(), "--query", server.OtlpHttp.ToString()]);
        Assert.Equal(1, query.ExitCode);
        Assert.Contains("expected the address of Jaeger's query API", query.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    async Task<JsonElement> ReportAsync(int exitCode, ClewCommand server, string protocol, params string[] more)
    {
        var load = await ClewCommand.RunAsync(_folder.Path, [.. Arguments(server, protocol, server.Ui), "--json", .. more]);
        Assert.Equal((exitCode, ""), (load.ExitCode, load.Errors));
        using var report = JsonDocument.Parse(load.Output);
        return report.RootElement.Clone();
    }

    static string[] Arguments(ClewCommand server, string protocol, Uri query) =>
        ["load", "--to", (protocol == "grpc" ? server.OtlpGrpc : server.OtlpHttp).ToString(), "--protocol", protocol, "--query", query.ToString(), "--traces", "400", "--lookups", "100"];

    static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
