using System.CommandLine;
using Clew.Server.Configuration;

namespace Clew.Cli.Commands;

/// <summary>The options by which serve, demo and config are configured.</summary>
internal sealed class ConfigurationArguments
{
    readonly Option<string?> _config = new("--config") { HelpName = "FILE", Description = "Configuration file. Without it, clew.yaml of the current folder is read if there is one." };
    readonly Option<string?> _data = new("--data") { HelpName = "DIR", Description = "Folder that holds all data, the same as --set data_folder=DIR." };
    readonly Option<string[]> _set = new("--set")
    {
        HelpName = "key=value",
        Description = "Sets one key, over file and environment; repeatable. 'clew config --describe' lists all keys.",
        AllowMultipleArgumentsPerToken = true,
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_config);
        command.Options.Add(_data);
        command.Options.Add(_set);
    }

    /// <summary>Whether any of them was given.</summary>
    public bool AreGiven(ParseResult parsed) => parsed.GetResult(_config) is not null || parsed.GetResult(_data) is not null || parsed.GetResult(_set) is not null;

    /// <param name="defaultDataFolder">Used when no source names one; null leaves the ordinary default.</param>
    public EffectiveConfiguration Read(ParseResult parsed, string? defaultDataFolder = null)
    {
        var assignments = (parsed.GetValue(_set) ?? []).Select(assignment => (assignment, "--set " + assignment));
        if (parsed.GetValue(_data) is { } data)
            assignments = assignments.Append(("data_folder=" + data, "--data"));
        var configuration = EffectiveConfiguration.Read(new ConfigurationSources
        {
            File = parsed.GetValue(_config),
            Environment = ConfigurationSources.ProcessEnvironment(),
            Assignments = [.. assignments],
        });
        return defaultDataFolder is null || configuration.Origins.ContainsKey("data_folder")
            ? configuration
            : configuration with { Options = configuration.Options with { DataFolder = defaultDataFolder } };
    }

    /// <summary>As <see cref="Read"/>, for commands that cannot go on with a mistake: each problem is a line on standard error.</summary>
    /// <returns>Null when there was a problem.</returns>
    public EffectiveConfiguration? ReadOrReport(ParseResult parsed, string? defaultDataFolder = null)
    {
        var configuration = Read(parsed, defaultDataFolder);
        foreach (var problem in configuration.Problems)
            CommandLine.Fail(problem);
        return configuration.Problems.Count == 0 ? configuration : null;
    }
}
