using System.CommandLine;
using Clew.Cli.Terminal;
using Clew.Server.Configuration;

namespace Clew.Cli.Commands;

/// <summary><c>clew config</c>: what a server would run with, and where each value came from.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        var command = new CommandWithExamples(
            "config", "Show the effective configuration and where each value comes from.",
            "clew config                                   values and their origin",
            "clew config --config clew.yaml                check a file: exit code 1 if anything is wrong with it",
            "clew config --describe > clew.yaml            a file with every key, its default and its meaning",
            "CLEW_LISTEN__UI=127.0.0.1:8080 clew config    the environment overrides the file, --set overrides both");
        var describe = new Option<bool>("--describe") { Description = "Print a configuration file that explains every key." };
        var arguments = new ConfigurationArguments();
        arguments.AddTo(command);
        command.Options.Add(describe);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(describe))
            {
                Describe(Console.Out);
                return 0;
            }

            if (arguments.ReadOrReport(parsed) is not { } configuration)
                return 1;
            Show(configuration, Screen.OfProcess(), Console.Out);
            return 0;
        });
        return command;
    }

    static void Show(EffectiveConfiguration configuration, Screen screen, TextWriter output)
    {
        var keyWidth = Settings.All.Max(setting => setting.Key.Length);
        foreach (var setting in Settings.All)
        {
            var isGiven = configuration.Origins.TryGetValue(setting.Key, out var origin);
            var value = setting.Show(configuration.Options) is { Length: > 0 } shown ? shown : "(none)";
            var line = $"{setting.Key.PadRight(keyWidth)}  {TerminalText.Sanitize(value)}";
            output.WriteLine(isGiven ? $"{line}  {screen.Palette.Strong($"[{origin}]")}" : $"{line}  {screen.Palette.Dim("[default]")}");
        }
    }

    /// <summary>Valid YAML in which every value is the default.</summary>
    static void Describe(TextWriter output)
    {
        output.WriteLine("# Every key of Clew, with its default. Each can also be set by --set key=value, or by the");
        output.WriteLine("# environment: CLEW_LISTEN__UI is listen.ui. --set wins over the environment, that over this file.");
        var section = "";
        foreach (var setting in Settings.All)
        {
            var dot = setting.Key.LastIndexOf('.');
            if (dot >= 0 && setting.Key[..dot] != section)
                output.WriteLine($"\n{section = setting.Key[..dot]}:");
            else if (dot < 0)
                output.WriteLine();
            var indent = dot < 0 ? "" : "  ";
            var bounds = (setting.Min, setting.Max) switch
            {
                ({ Length: 0 }, _) => setting.Form,
                (var min, { Length: 0 }) => $"{setting.Form}, at least {min}",
                var (min, max) => $"{setting.Form}, {min} to {max}",
            };
            output.WriteLine($"{indent}# {setting.Description} ({bounds})");
            output.WriteLine($"{indent}{setting.Key[(dot + 1)..]}: {Yaml(setting)}");
        }
    }

    static string Yaml(Setting setting) => setting.IsList
        ? $"[{string.Join(", ", setting.Default.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(item => $"\"{item}\""))}]"
        : setting.Default is "" ? "\"\"" : setting.Default;
}
