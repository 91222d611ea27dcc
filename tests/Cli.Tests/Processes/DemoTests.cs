using System.Text.Json;

namespace Clew.Cli.Tests.Processes;

/// <summary>The demo end to end: four systems, real exporters, the network, the store, the API.</summary>
public sealed class DemoTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Traces_of_all_four_systems_arrive_whole_and_the_examples_of_help_find_some()
    {
        var data = Path.Combine(_folder.Path, "data");
        using (var demo = ClewCommand.Start(_folder.Path, ["demo", "--rate", "60", "--duration", "6s", "--data", data, .. ClewCommand.FreePorts]))
        {
            await demo.ReadyAsync();
            var result = await demo.EndAsync();
            Assert.Equal(0, result.ExitCode);
            Assert.Empty(result.Errors);
            Assert.Matches(@"Sent \d+ traces with [\d,]+ spans\.\n$", result.Output);
        }

        using var server = await ClewCommand.ServeAsync(_folder.Path);
        foreach (var (service, root, others) in new[]
        {
            ("butterfly-coordinator", "inference.request", new[] { "compute-node-1", "compute-node-4" }),
            ("butterfly-coordinator", "checkpoint.create", ["compute-node-2"]),
            ("jeeves-gateway", "http.request", ["jeeves-orchestrator", "jeeves-llm-gateway"]),
            ("zerostate-guild", "guild.create", []),
            ("zerostate-payment", "payment.flow", []),
            ("llm-server", "llm_inference", ["kv-cache"]),
        })
        {
            var whole = (await SearchAsync(server, service, root)).Where(trace => trace.GetProperty("orphanCount").GetInt32() == 0).ToArray();
            Assert.NotEmpty(whole);
            foreach (var other in others)
                Assert.Contains(whole, trace => trace.GetProperty("services").EnumerateArray().Any(each => each.GetProperty("name").GetString() == other));
        }

        // A long prompt, and every kind of mishap that is frequent enough to be sure of.
        Assert.Contains(await SearchAsync(server, "butterfly-coordinator", "inference.request"), trace => trace.GetProperty("spanCount").GetInt32() > 2_000);
        Assert.NotEmpty(await SearchAsync(server, "jeeves-llm-gateway", "llm.provider.call", "error:true"));
        foreach (var query in ExampleQueries())
        {
            var result = await ClewCommand.RunAsync(_folder.Path, ["query", query, "--csv", "--server", server.Ui.ToString()]);
            Assert.True(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length > 1, $"'{query}' finds nothing: {result.Output}{result.Errors}");
        }
    }

    // What stands in quotes behind "clew query" and "clew tail".
    static IEnumerable<string> ExampleQueries() =>
        CommandLine.Root().Subcommands.OfType<CommandWithExamples>().Where(command => command.Name is "query" or "tail")
            .SelectMany(command => command.Examples).Select(example => example.Split('\'')).Where(parts => parts.Length > 1).Select(parts => parts[1]).Distinct();

    [Fact]
    public async Task Ctrl_C_ends_it_in_order()
    {
        using var demo = ClewCommand.Start(_folder.Path, ["demo", .. ClewCommand.FreePorts]);
        var line = await demo.ReadyAsync();
        Assert.Contains("data ./clew-demo-data", line, StringComparison.Ordinal);
        demo.Signal("INT");
        var result = await demo.EndAsync();
        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Errors);
    }

    [Fact]
    public async Task It_sends_to_a_server_that_runs_already_and_starts_none()
    {
        using var server = await ClewCommand.ServeAsync(_folder.Path);
        var demo = await ClewCommand.RunAsync(_folder.Path, ["demo", "--to", server.OtlpHttp.ToString(), "--rate", "20", "--duration", "1s"]);
        Assert.Equal((0, ""), (demo.ExitCode, demo.Errors));
        Assert.StartsWith($"Four instrumented systems are sending traces to {server.OtlpHttp}v1/traces; press Ctrl-C here to stop.\n", demo.Output, StringComparison.Ordinal);
        Assert.Matches(@"Sent \d+ traces with [\d,]+ spans\.\n$", demo.Output);
        Assert.NotEmpty(await SearchAsync(server, "jeeves-gateway", "http.request"));
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "clew-demo-data")));
    }

    [Fact]
    public async Task Where_Clew_holds_the_port_it_says_how_to_send_there()
    {
        using var server = await ClewCommand.ServeAsync(_folder.Path);
        var demo = await ClewCommand.RunAsync(_folder.Path, ["demo", .. ClewCommand.FreePorts, "--set", $"listen.ui=127.0.0.1:{server.Ui.Port}"]);
        Assert.Equal(1, demo.ExitCode);
        Assert.EndsWith($" Clew is running there: 'clew demo --to {server.OtlpHttp.GetLeftPart(UriPartial.Authority)}' sends to it.\n", demo.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    static async Task<JsonElement[]> SearchAsync(ClewCommand server, string service, string operation, string tag = "")
    {
        using var http = new HttpClient { BaseAddress = server.Ui };
        var query = $"/api/clew/v1/search?service={service}&operation={operation}&limit=1000" + (tag.Length > 0 ? "&tag=" + tag : "");
        using var answer = JsonDocument.Parse(await http.GetStringAsync(new Uri(query, UriKind.Relative)));
        return [.. answer.RootElement.GetProperty("traces").EnumerateArray().Select(trace => trace.Clone())];
    }
}
