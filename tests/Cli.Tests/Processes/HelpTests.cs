using System.CommandLine;

namespace Clew.Cli.Tests.Processes;

public sealed class HelpTests
{
    /// <summary>Every command by its words: <c>serve</c>, <c>store verify</c>.</summary>
    public static TheoryData<string> Commands => [.. CommandLine.Root().Subcommands.SelectMany(command => PathsFrom(command, ""))];

    [Theory]
    [MemberData(nameof(Commands))]
    public void The_help_of_every_command_ends_with_examples_that_parse(string path)
    {
        using var output = new StringWriter();
        Assert.Equal(0, CommandLine.Root().Parse([.. path.Split(' '), "--help"]).Invoke(new InvocationConfiguration { Output = output }));
        var examples = output.ToString().Split("Examples:")[1].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            var command = WordsOf(example[example.IndexOf("clew ", StringComparison.Ordinal)..]).ToArray()[1..];
            Assert.True(command[0] == path.Split(' ')[0], example);
            Assert.Empty(CommandLine.Root().Parse(command).Errors);
        }
    }

    [Fact]
    public void The_help_of_clew_itself_names_every_command()
    {
        using var output = new StringWriter();
        CommandLine.Root().Parse(["--help"]).Invoke(new InvocationConfiguration { Output = output });
        foreach (var command in CommandLine.Root().Subcommands)
            Assert.Contains($"  {command.Name} ", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("clew demo  ", output.ToString().Split("Examples:")[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_configuration_that_config_describes_is_valid_and_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        var described = await ClewCommand.RunAsync(folder.Path, ["config", "--describe"]);
        folder.Write("clew.yaml", described.Output);
        var effective = await ClewCommand.RunAsync(folder.Path, ["config"]);
        Assert.Equal(0, effective.ExitCode);
        Assert.Empty(effective.Errors);
        var defaults = await ClewCommand.RunAsync(folder.Path, ["config", "--config", folder.Write("empty.yaml", "")]);
        Assert.Equal(Values(defaults.Output), Values(effective.Output));
        Assert.Contains("[clew.yaml:", effective.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_is_told()
    {
        using var folder = new TemporaryFolder();
        Assert.Matches(@"^clew \d+\.\d+\.\d+ ", (await ClewCommand.RunAsync(folder.Path, ["version"])).Output);
    }

    // What follows two spaces explains; what follows | or > belongs to the shell, as do single quotes and a variable before the command.
    static IEnumerable<string> WordsOf(string example)
    {
        var parts = example.Split('\'');
        for (var at = 0; at < parts.Length; at++)
        {
            if (at % 2 == 1)
            {
                yield return parts[at];
                continue;
            }

            var end = new[] { "  ", "| ", "> " }.Select(stop => parts[at].IndexOf(stop, StringComparison.Ordinal)).Where(stop => stop >= 0).DefaultIfEmpty(parts[at].Length).Min();
            foreach (var word in parts[at][..end].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                yield return word;
            if (end < parts[at].Length)
                yield break;
        }
    }

    static IEnumerable<string> PathsFrom(Command command, string before) =>
        command.Subcommands.SelectMany(subcommand => PathsFrom(subcommand, $"{before}{command.Name} ")).Prepend(before + command.Name);

    static IEnumerable<string> Values(string table) => table.Split('\n').Select(line => line.Split("  [")[0]);
}
