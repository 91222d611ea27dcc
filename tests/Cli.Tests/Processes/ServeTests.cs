using System.Net;
using System.Text;

namespace Clew.Cli.Tests.Processes;

public sealed class ServeTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_ends_the_server_in_order_and_what_it_received_is_there_afterwards(string signal)
    {
        using (var first = await ClewCommand.ServeAsync(_folder.Path))
        {
            await SendAsync(first);
            first.Signal(signal);
            var result = await first.EndAsync();
            Assert.Equal(0, result.ExitCode);
            Assert.Empty(result.Errors);
            Assert.EndsWith("\nStopping: 1 span received since the start, all flushed to disk.\n", result.Output, StringComparison.Ordinal);
        }

        using var second = await ClewCommand.ServeAsync(_folder.Path);
        var trace = await ClewCommand.RunAsync(_folder.Path, ["trace", "4bf92f3577b34da6a3ce929d0e0e4736", "--attributes", "--server", second.Ui.ToString()]);
        Assert.Equal(0, trace.ExitCode);
        var byHeader = await ClewCommand.RunAsync(_folder.Path, ["trace", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "--attributes", "--server", second.Ui.ToString()]);
        Assert.Equal(trace, byHeader);
        Assert.Contains("✗ checkout  shop", trace.Output, StringComparison.Ordinal);
        Assert.Contains("✗ error: card declined", trace.Output, StringComparison.Ordinal);
        Assert.Contains("cart.items = 3", trace.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', trace.Output);
    }

    [Fact]
    public async Task Spans_that_were_sent_twice_are_shown_and_counted_once_and_the_copies_are_mentioned()
    {
        using var server = await ClewCommand.ServeAsync(_folder.Path);
        await SendAsync(server);
        await SendAsync(server);
        var trace = await ClewCommand.RunAsync(_folder.Path, ["trace", "4bf92f3577b34da6a3ce929d0e0e4736", "--server", server.Ui.ToString()]);
        Assert.Contains("1 span of 1 service, 1 error (1 identical span left out: sent again)\n", trace.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("duplicate", trace.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signal_at_any_moment_of_the_start_ends_the_process_without_a_complaint()
    {
        const int EndedByDefault = 128 + 15; // Before the command listens for signals, the system's own answer holds.
        for (var (moment, wasReady) = (TimeSpan.FromMilliseconds(20), false); !wasReady; moment *= 1.1)
        {
            using var server = ClewCommand.Start(_folder.Path, ["serve", "--data", Path.Combine(_folder.Path, "data"), .. ClewCommand.FreePorts]);
            await Task.Delay(moment); // The moment of the signal itself; nothing is waited for.
            server.Signal("TERM");
            var result = await server.EndAsync();
            Assert.True(result.ExitCode is 0 or EndedByDefault, $"{result.ExitCode} after a signal at {moment}: {result.Errors}");
            Assert.Empty(result.Errors);
            wasReady = result.Output.Length > 0;
        }
    }

    [Fact]
    public async Task A_command_that_is_given_up_because_of_a_signal_has_ended_in_order()
    {
        Assert.Equal(0, await StopSignals.RunAsync(async signals =>
        {
            signals.RequestAfter(TimeSpan.Zero);
            await Task.Delay(Timeout.InfiniteTimeSpan, signals.Requested);
            return 1;
        }));
        await Assert.ThrowsAsync<OperationCanceledException>(() => StopSignals.RunAsync(_ => throw new OperationCanceledException()));
    }

    [Fact]
    public async Task Search_finds_by_the_filters_of_the_api_and_says_so_when_nothing_matches()
    {
        using var server = await ClewCommand.ServeAsync(_folder.Path);
        await SendAsync(server);
        async Task<string> SearchAsync(params string[] filters)
        {
            // By variable here, by option elsewhere.
            var result = await ClewCommand.RunAsync(_folder.Path, ["search", .. filters], ("CLEW_SERVER", server.Ui.ToString()));
            Assert.Equal(0, result.ExitCode);
            return result.Output;
        }

        string[][] matching =
        [
            [], ["--service", "shop"], ["--operation", "checkout"], ["--tag", "cart.items=3"], ["--tag", "shop:tier%=a:b"], ["--tag", "cart.items=3", "error=true"], ["--errors"],
            ["--min-duration", "1s", "--max-duration", "2s"], ["--start", "2023-11-14"], ["--start", "2023-11-14T22:13:20Z", "--end", "1700000001000000000"], ["--limit", "1"],
        ];
        foreach (var filters in matching)
            Assert.Contains("4bf92f3577b34da6a3ce929d0e0e4736", await SearchAsync(filters), StringComparison.Ordinal);
        string[][] others =
        [
            ["--operation", "pay"], ["--tag", "cart.items=4"], ["--min-duration", "3s"], ["--since", "1h"], ["--end", "2023-01-01"],
        ];
        foreach (var filters in others)
            Assert.Equal("No trace matches. Drop a filter, or look further back.\n", await SearchAsync(filters));
        Assert.Equal("No trace matches: no service 'shoe' has sent spans; did you mean 'shop'?\n", await SearchAsync("--service", "shoe"));
        Assert.Equal("No trace matches: no service 'warehouse' has sent spans.\n", await SearchAsync("--service", "warehouse"));
        Assert.StartsWith("""{"traces":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736",""", await SearchAsync("--json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_server_refuses_is_told_in_terms_of_the_command()
    {
        using var server = await ClewCommand.ServeAsync(_folder.Path);
        var duration = await ClewCommand.RunAsync(_folder.Path, ["search", "--min-duration", "long", "--server", server.Ui.ToString()]);
        Assert.Equal((1, "clew: --min-duration is 'long'; expected a duration such as 100ms, 1.2s or 1h3m.\n"), (duration.ExitCode, duration.Errors));
        var missing = await ClewCommand.RunAsync(_folder.Path, ["trace", "1", "--server", server.Ui.ToString()]);
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("00000000000000000000000000000001", missing.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_others_can_reach_says_so()
    {
        using var server = await ClewCommand.ServeAsync(_folder.Path, "--set", "listen.otlp_http=*:0");
        server.Signal("TERM");
        var lines = (await server.EndAsync()).Output.Split('\n');
        Assert.Equal($"Open to the network, without authentication: listen.otlp_http *:{server.OtlpHttp.Port}", lines[1]);
    }

    public void Dispose() => _folder.Dispose();

    static async Task SendAsync(ClewCommand server)
    {
        const string Span = """
            {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"spans":[
              {"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","name":"checkout","kind":2,"startTimeUnixNano":"1700000000000000000",
               "endTimeUnixNano":"1700000001500000000","status":{"code":2,"message":"card declined"},"attributes":[{"key":"cart.items","value":{"intValue":"3"}},{"key":"shop:tier%","value":{"stringValue":"a:b"}}]}]}]}]}
            """;
        using var http = new HttpClient();
        using var content = new StringContent(Span, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri(server.OtlpHttp, "/v1/traces"), content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
