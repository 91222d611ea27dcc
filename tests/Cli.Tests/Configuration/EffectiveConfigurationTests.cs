using Clew.Server.Configuration;

namespace Clew.Cli.Tests.Configuration;

public sealed class EffectiveConfigurationTests
{
    [Fact]
    public void Without_any_source_every_value_is_its_default()
    {
        var configuration = Read();
        Assert.Empty(configuration.Problems);
        Assert.Empty(configuration.Origins);
        Assert.Equal("127.0.0.1:4317", configuration.Options.Listen.OtlpGrpc);
    }

    [Fact]
    public void A_file_of_sections_and_a_file_of_dotted_keys_mean_the_same()
    {
        var sections = ReadFile("data_folder: /data\nlisten:\n  ui: 127.0.0.1:1\n  allowed_hosts: [a.example, b.example]\nlimits: { retry_after: 5s }\n");
        var dotted = ReadFile("data_folder: /data\nlisten.ui: 127.0.0.1:1\nlisten.allowed_hosts: a.example,b.example\nlimits.retry_after: 5s\n");
        foreach (var configuration in new[] { sections, dotted })
        {
            Assert.Empty(configuration.Problems);
            Assert.Equal("/data", configuration.Options.DataFolder);
            Assert.Equal("127.0.0.1:1", configuration.Options.Listen.Ui);
            Assert.Equal(["a.example", "b.example"], configuration.Options.Listen.AllowedHosts);
            Assert.Equal(TimeSpan.FromSeconds(5), configuration.Options.Limits.RetryAfter);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("limits:\n")]
    public void A_file_without_values_changes_nothing(string yaml) => Assert.Empty(ReadFile(yaml).Problems);

    [Fact]
    public void Assignments_win_over_the_environment_and_that_over_the_file()
    {
        using var folder = new TemporaryFolder();
        var configuration = EffectiveConfiguration.Read(new ConfigurationSources
        {
            File = folder.Write("clew.yaml", "listen:\n  ui: 127.0.0.1:1\n  otlp_http: 127.0.0.1:1\n  otlp_grpc: 127.0.0.1:1\n"),
            Environment = new Dictionary<string, string> { ["CLEW_LISTEN__UI"] = "127.0.0.1:2", ["CLEW_LISTEN__OTLP_HTTP"] = "127.0.0.1:2" },
            Assignments = [("listen.ui=127.0.0.1:3", "--set listen.ui=127.0.0.1:3")],
        });
        Assert.Empty(configuration.Problems);
        Assert.Equal("127.0.0.1:3", configuration.Options.Listen.Ui);
        Assert.Equal("127.0.0.1:2", configuration.Options.Listen.OtlpHttp);
        Assert.Equal("127.0.0.1:1", configuration.Options.Listen.OtlpGrpc);
        Assert.Equal("--set listen.ui=127.0.0.1:3", configuration.Origins["listen.ui"]);
        Assert.Equal("CLEW_LISTEN__OTLP_HTTP", configuration.Origins["listen.otlp_http"]);
        Assert.EndsWith("clew.yaml:4", configuration.Origins["listen.otlp_grpc"], StringComparison.Ordinal);
        Assert.False(configuration.Origins.ContainsKey("data_folder"));
    }

    [Theory]
    [InlineData("listen:\n  otlp_grcp: 127.0.0.1:1\n", "clew.yaml:2: unknown key 'listen.otlp_grcp'; did you mean 'listen.otlp_grpc'?")]
    [InlineData("lisen:\n  ui: 127.0.0.1:1\n", "clew.yaml:1: unknown key 'lisen'; did you mean 'listen'?")]
    [InlineData("otlp_grpc: 127.0.0.1:1\n", "clew.yaml:1: unknown key 'otlp_grpc'; did you mean 'listen.otlp_grpc'?")]
    [InlineData("limits:\n  ui: 127.0.0.1:1\n", "clew.yaml:2: unknown key 'limits.ui'; did you mean 'listen.ui'?")]
    [InlineData("limits:\n  idleTimeout: 10s\n", "clew.yaml:2: unknown key 'limits.idleTimeout'; did you mean 'limits.idle_timeout'?")]
    [InlineData("receivers:\n  otlp:\n", "clew.yaml:1: unknown key 'receivers'; 'clew config --describe' lists all of them.")]
    [InlineData("limits:\n  retry_after: soon\n", "clew.yaml:2: limits.retry_after is 'soon'; expected a duration such as 500ms, 10s or 1h.")]
    [InlineData("limits:\n  retry_after: 5\n", "clew.yaml:2: limits.retry_after is '5'; expected a duration such as 500ms, 10s or 1h.")]
    [InlineData("limits:\n  retry_after: 1h\n", "clew.yaml:2: limits.retry_after is 1h; expected 100ms to 10m.")]
    [InlineData("limits:\n  nesting_max: many\n", "clew.yaml:2: limits.nesting_max is 'many'; expected a whole number such as 1000.")]
    [InlineData("limits:\n  connections_max: 0\n", "clew.yaml:2: limits.connections_max is 0; expected at least 1.")]
    [InlineData("limits:\n  request_bytes_max: 64Mb/s\n", "clew.yaml:2: limits.request_bytes_max is '64Mb/s'; expected a size such as 64MiB or 16MB.")]
    [InlineData("limits:\n  request_bytes_max: 2GiB\n", "clew.yaml:2: limits.request_bytes_max is 2GiB; expected 1KiB to 1GiB.")]
    [InlineData("listen:\n  ui: localhost\n", "clew.yaml:2: listen.ui is 'localhost'; expected host:port such as 127.0.0.1:4317, [::1]:4317, localhost:4317 or *:4317.")]
    [InlineData("listen:\n  ui: 127.0.0.1:99999\n", "clew.yaml:2: listen.ui is '127.0.0.1:99999'; a port is a number from 0 to 65535.")]
    [InlineData("listen:\n  ui: 17318\n", "clew.yaml:2: listen.ui is '17318'; expected host:port, such as 127.0.0.1:17318.")]
    [InlineData("listen:\n  ui: 127.0.0.1:4317\n", "clew.yaml:2: listen.ui is 127.0.0.1:4317, and so is listen.otlp_grpc; each needs a port of its own.")]
    [InlineData("listen:\n  ui: ::1:80\n", "clew.yaml:2: listen.ui is '::1:80'; expected host:port such as 127.0.0.1:4317, [::1]:4317, localhost:4317 or *:4317.")]
    [InlineData("listen:\n  ui: [a]\n", "clew.yaml:2: listen.ui is a list; expected host:port such as 127.0.0.1:4317, [::1]:4317, localhost:4317 or *:4317.")]
    [InlineData("listen:\n  ui:\n", "clew.yaml:2: listen.ui has no value; its default is 127.0.0.1:16686: leave the line out for that.")]
    [InlineData("listen: 127.0.0.1:1\n", "clew.yaml:1: listen is a section with keys of its own, such as listen.otlp_grpc; found '127.0.0.1:1'.")]
    [InlineData("cors:\n  allowed_origins: [shop.example]\n", "clew.yaml:2: cors.allowed_origins has 'shop.example'; expected an origin such as https://shop.example or https://*.example, or * for any.")]
    [InlineData("- listen\n", "clew.yaml:1: expected sections such as 'listen:', found a list.")]
    public void A_mistake_in_the_file_is_answered_with_line_key_and_expectation(string yaml, string expected) =>
        Assert.EndsWith(expected, Assert.Single(ReadFile(yaml).Problems), StringComparison.Ordinal);

    [Theory]
    [InlineData("listen:\n  ui: *:4317\n", "clew.yaml:2:")]
    [InlineData("listen:\n  ui: *:4317\n", "Put an address that begins with * or [ in quotes.")]
    [InlineData("listen:\n  ui: [::1]:4317\n", "Put an address that begins with * or [ in quotes.")]
    [InlineData("listen: {\n", "clew.yaml:")]
    [InlineData("limits:\n  nesting_max: 1\n  nesting_max: 2\n", "clew.yaml:")]
    public void Broken_YAML_is_answered_with_its_line(string yaml, string expected)
    {
        var problem = Assert.Single(ReadFile(yaml).Problems);
        Assert.Contains("clew.yaml:", problem, StringComparison.Ordinal);
        Assert.Contains("not valid YAML", problem, StringComparison.Ordinal);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("listen.uy=127.0.0.1:1", "unknown key 'listen.uy'; did you mean 'listen.ui'?")]
    [InlineData("listen.ui", "expected key=value")]
    [InlineData("=x", "expected key=value")]
    [InlineData("limits=1", "limits is a section; set one of its keys, such as limits.request_bytes_max.")]
    [InlineData("limits.retry_after=1y", "limits.retry_after is '1y'; expected a duration")]
    public void A_mistake_in_an_assignment_names_the_assignment(string assignment, string expected)
    {
        var problem = Assert.Single(Read(assignments: [assignment]).Problems);
        Assert.StartsWith("--set " + assignment, problem, StringComparison.Ordinal);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CLEW_LISTEN__UY", "unknown key 'listen.uy'; did you mean 'CLEW_LISTEN__UI'?")]
    [InlineData("CLEW_LIMIT__RETRY_AFTER", "unknown key 'limit.retry_after'; did you mean 'CLEW_LIMITS__RETRY_AFTER'?")]
    [InlineData("CLEW_LISTEN_UI", "unknown key 'listen_ui'; did you mean 'CLEW_LISTEN__UI'?")]
    [InlineData("CLEW_DATA_FOLDR", "unknown key 'data_foldr'; did you mean 'CLEW_DATA_FOLDER'?")]
    [InlineData("CLEW_COLOUR", "unknown key 'colour'; 'clew config --describe' lists all of them.")]
    [InlineData("CLEW_LISTEN__UI", "listen.ui is 'x'; expected host:port")]
    public void A_mistake_in_the_environment_names_the_variable(string variable, string expected)
    {
        var problem = Assert.Single(Read(environment: new() { [variable] = "x" }).Problems);
        Assert.StartsWith(variable + ": " + expected, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CLEW_SERVICE_HOST")]
    [InlineData("CLEW_PORT_4317_TCP_ADDR")]
    [InlineData("CLEW_PORT")]
    [InlineData("CLEW_UI_SERVICE_PORT_OTLP_GRPC")]
    [InlineData("CLEW_SERVER")]
    [InlineData("CLEW_FUZZ_SEED")]
    [InlineData("CLEWLISTEN__UI")]
    public void A_variable_that_is_somebody_elses_is_left_alone(string variable) => Assert.Empty(Read(environment: new() { [variable] = "10.0.0.1" }).Problems);

    [Fact]
    public void All_problems_of_all_sources_are_found_at_once()
    {
        using var folder = new TemporaryFolder();
        var problems = EffectiveConfiguration.Read(new ConfigurationSources
        {
            File = folder.Write("clew.yaml", "listen:\n  uii: 127.0.0.1:1\nlimits:\n  retry_after: soon\n  nesting_max: 501\nquery: 7\n"),
            Environment = new Dictionary<string, string> { ["CLEW_LIMITS__IDLE_TIMEOUT"] = "never" },
            Assignments = [("nonsense.key=1", "--set nonsense.key=1")],
        }).Problems;
        Assert.Equal(6, problems.Count);
    }

    [Fact]
    public void A_missing_file_is_a_problem_only_when_it_was_asked_for() =>
        Assert.Contains("no such file", Assert.Single(EffectiveConfiguration.Read(new ConfigurationSources { File = "/nowhere/clew.yaml" }).Problems), StringComparison.Ordinal);

    static EffectiveConfiguration ReadFile(string yaml)
    {
        using var folder = new TemporaryFolder();
        return EffectiveConfiguration.Read(new ConfigurationSources { File = folder.Write("clew.yaml", yaml) });
    }

    static EffectiveConfiguration Read(Dictionary<string, string>? environment = null, string[]? assignments = null) =>
        EffectiveConfiguration.Read(new ConfigurationSources
        {
            Environment = environment ?? [],
            Assignments = [.. (assignments ?? []).Select(assignment => (assignment, "--set " + assignment))],
        });
}
