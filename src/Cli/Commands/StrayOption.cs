using System.CommandLine;
using Clew.Cli.Terminal;
using Clew.Model;

namespace Clew.Cli.Commands;

/// <summary>A word that was meant to be an option, and was taken for something else.</summary>
internal static class StrayOption
{
    /// <param name="words">What was taken for arguments.</param>
    /// <param name="otherwise">What to do when the word is no slip of the fingers.</param>
    /// <exception cref="CommandFailedException">One of the words looks like an option.</exception>
    public static void ThrowIfAny(IEnumerable<string> words, Command command, string otherwise)
    {
        if (words.FirstOrDefault(word => word.StartsWith("--", StringComparison.Ordinal) && word.Length > 2) is not { } stray)
            return;
        var name = stray.Split('=', 2)[0];
        var near = NearestName.Find(name, [.. command.Options.Select(option => option.Name)]);
        throw new CommandFailedException($"unknown option '{TerminalText.Sanitize(name)}'; {(near is null ? otherwise : $"did you mean '{near}'?")}");
    }
}
