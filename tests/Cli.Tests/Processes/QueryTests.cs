using System.Text;
using System.Text.Json;

namespace Clew.Cli.Tests.Processes;

/// <summary><c>clew query</c>, and those that show what it finds, against a server.</summary>
public sealed class QueryTests : IAsyncLifetime
{
    readonly TemporaryFolder _folder = new();
    ClewCommand _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ClewCommand.ServeAsync(_folder.Path);
        await SendAsync((1, "checkout"), (2, "reserve stock"), (3, "reserve stock"));
    }

    async Task SendAsync(params (int Id, string Name)[] sent)
    {
        var now = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        var spans = sent.Select(span => new
        {
            traceId = "4bf92f3577b34da6a3ce929d0e0e4736",
            spanId = $"000000000000000{span.Id}",
            parentSpanId = span.Id == 1 ? "" : "0000000000000001",
            name = span.Name,
            startTimeUnixNano = $"{now - (span.Id * 60_000_000_000L)}",
            endTimeUnixNano = $"{now - (span.Id * 60_000_000_000L) + 250_000_000L}",
            attributes = new[] { new { key = "tier", value = new { stringValue = $"l{span.Id}" } } },
        });
        var resource = new { attributes = new[] { new { key = "service.name", value = new { stringValue = "shop" } } } };
        using var http = new HttpClient();
        using var body = new StringContent(
            JsonSerializer.Serialize(new { resourceSpans = new[] { new { resource, scopeSpans = new[] { new { spans } } } } }), Encoding.UTF8, "application/json");
        (await http.PostAsync(new Uri(_server.OtlpHttp, "/v1/traces"), body)).EnsureSuccessStatusCode();
    }

    public Task DisposeAsync()
    {
        _server.Dispose();
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Traces_are_a_table_with_the_spans_that_match_and_the_simple_form_is_translated_beside_it()
    {
        var result = await QueryAsync("service=shop name=~reserve.* duration>100ms");
        Assert.Equal(0, result.ExitCode);
        Assert.EndsWith("= { resource.service.name = `shop` && name =~ `reserve.*` && duration > 100ms }\n", result.Errors, StringComparison.Ordinal);
        var lines = result.Output.Split('\n');
        Assert.EndsWith("  ERRORS  MATCHED  ROOT", lines[0], StringComparison.Ordinal);
        Assert.Matches("^4bf92f3577b34da6a3ce929d0e0e4736 .+ 3       -        2  shop: checkout$", lines[1]);
        Assert.DoesNotContain("= {", (await QueryAsync("{ name = `checkout` }")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_that_a_shell_took_apart_are_one_query() =>
        Assert.Contains("shop: checkout", (await ClewCommand.RunAsync(_folder.Path, ["query", "service=shop", "tier=l1", "--server", _server.Ui.ToString()])).Output, StringComparison.Ordinal);

    [Fact]
    public async Task Metrics_are_a_chart_and_plain_where_there_is_no_terminal()
    {
        var result = await QueryAsync("{ } | count_over_time() by (name)", "--since", "10m", "--explain");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains(" ┤", result.Output, StringComparison.Ordinal);
        Assert.Contains("■ name=reserve stock", result.Output, StringComparison.Ordinal);
        Assert.Contains("\nPlan\n", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', result.Output);
    }

    [Theory]
    [InlineData("{ } | count_over_time()", "time,__name__,value\n", ",count_over_time,3\n")]
    [InlineData("service=shop", "trace_id,start_unix_nano,duration_nanos,spans,errors,matched,root_service,root_operation\n", ",3,0,3,shop,checkout\n")]
    public async Task CSV_is_the_answer_alone(string query, string begin, string end)
    {
        var result = await QueryAsync(query, "--csv", "--step", "0");
        Assert.StartsWith(begin, result.Output, StringComparison.Ordinal);
        Assert.EndsWith(end, result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("= {", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JSON_is_the_servers_answer()
    {
        var result = await QueryAsync("service=shop", "--json", "--start", "now-1h", "--end", "now");
        Assert.StartsWith("""{"query":"{ resource.service.name = `shop` }","traces":[{"traceId":"4bf92""", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trace_can_be_had_as_the_server_gives_it()
    {
        var result = await ClewCommand.RunAsync(_folder.Path, ["trace", "4bf92f3577b34da6a3ce929d0e0e4736", "--json", "--server", _server.Ui.ToString()]);
        using var http = new HttpClient();
        Assert.Equal(await http.GetStringAsync(new Uri(_server.Ui, "/api/clew/v1/traces/4bf92f3577b34da6a3ce929d0e0e4736")) + "\n", result.Output);
    }

    [Fact]
    public async Task What_a_query_selects_and_groups_by_stands_below_each_trace()
    {
        var result = await QueryAsync("{ name = `reserve stock` } | by(.tier) | select(.tier, resource.service.name)");
        Assert.EndsWith("\n  by(.tier): l3 ×1, l2 ×1\n  tier: l3, l2; service.name: shop\n", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "^TRACE +STARTED \\(UTC\\) +DURATION  SPAN\n[0-9a-f]{32}  \\d\\d:\\d\\d:\\d\\d\\.\\d{3} +250 ms  shop: new  tier=l4\n$")]
    [InlineData("--json", "^{\"traceId\":\"[0-9a-f]{32}\",.*\"name\":\"new\".*}\n$")]
    public async Task Spans_are_shown_as_they_come_in_until_there_are_as_many_as_asked_for(string option, string expected)
    {
        var tail = ClewCommand.RunAsync(_folder.Path, ["tail", "service=shop name=new", "--count", "1", "--server", _server.Ui.ToString(), .. option.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        // When the server begins to look is its own affair.
        while (!tail.IsCompleted)
            await SendAsync((4, "new"));
        var result = await tail;
        Assert.Equal(0, result.ExitCode);
        Assert.Matches(expected, result.Output);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_tail_ends_in_order_when_it_is_told_to(string signal)
    {
        using var tail = ClewCommand.Start(_folder.Path, ["tail", "name=nothing", "--server", _server.Ui.ToString()]);
        await tail.LineAsync("TRACE");
        tail.Signal(signal);
        Assert.Equal(0, (await tail.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task A_tail_says_when_the_server_has_stopped()
    {
        using var tail = ClewCommand.Start(_folder.Path, ["tail", "--server", _server.Ui.ToString()]);
        await tail.LineAsync("TRACE");
        _server.Signal("TERM");
        var result = await tail.EndAsync();
        Assert.Equal(1, result.ExitCode);
        Assert.EndsWith($"clew: {_server.Ui} has stopped.\n", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_is_shown_in_the_query()
    {
        var result = await QueryAsync("service=shop duration>100");
        Assert.Equal(1, result.ExitCode);
        Assert.EndsWith(
            """
            clew: duration is '100'; expected a unit with the number, as in 100ms
              service=shop duration>100
                                    ^

            """, result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("service=shopp tir=l1", "No trace matches in this time.", "\nNo span has the attribute .tir. Did you mean span.tier?\nNo stored span is of service `shopp`. Did you mean `shop`?\n")]
    [InlineData("{ span.tir = `l1` } | rate()", "        1 ┤", "\nNo span has the attribute span.tir. Did you mean span.tier?\n")]
    [InlineData("{ span.tir = `l1` } | rate() by (name)", "No span matches in this time", "\nNo span has the attribute span.tir. Did you mean span.tier?\n")]
    public async Task A_query_that_finds_nothing_says_which_of_its_names_are_unknown(string query, string begin, string end)
    {
        var result = await QueryAsync(query);
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith(begin, result.Output, StringComparison.Ordinal);
        Assert.EndsWith(end, result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ser", "service\nservice.name\n")]
    [InlineData("error=false ti", "error=false tier\n")]
    [InlineData("service=s", "service=shop\n")]
    [InlineData("tier=l", "tier=l1\ntier=l2\ntier=l3\n")]
    [InlineData("name=res", "name=\"reserve stock\"\n")]
    public async Task The_last_word_is_completed_from_what_the_server_knows(string begun, string completed) =>
        Assert.Equal(completed, (await QueryAsync(begun, "--complete")).Output);

    [Fact]
    public async Task A_shell_can_ask_for_completions_in_the_standard_way()
    {
        var line = $"clew query --server {_server.Ui} tier=l";
        var result = await ClewCommand.RunAsync(_folder.Path, [$"[suggest:{line.Length}]", line]);
        Assert.Contains("tier=l1", result.Output, StringComparison.Ordinal);
    }

    Task<CommandResult> QueryAsync(string query, params string[] more) => ClewCommand.RunAsync(_folder.Path, ["query", query, .. more, "--server", _server.Ui.ToString()]);
}
