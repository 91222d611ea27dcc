using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Clew.Cli.Commands;

/// <summary><c>clew version</c>.</summary>
internal static class VersionCommand
{
    public static string Version { get; } =
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static Command Create()
    {
        var command = new CommandWithExamples("version", "Print the version.", "clew version");
        command.SetAction(_ => Console.Out.WriteLine($"clew {Version} ({RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})"));
        return command;
    }
}
