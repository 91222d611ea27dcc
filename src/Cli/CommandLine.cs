using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Clew.Cli.Commands;
using Clew.Cli.Commands.Store;
using Clew.Model;

namespace Clew.Cli;

/// <summary>The commands, and what happens to mistakes in using them: one line on standard error that names the fix, exit code 1.</summary>
internal static class CommandLine
{
    static long _began;

    /// <summary>Since the program's first line. The process may be older: the script that built the program became it.</summary>
    public static TimeSpan Elapsed => TimeProvider.System.GetElapsedTime(_began);

    public static async Task<int> RunAsync(string[] arguments)
    {
        _began = TimeProvider.System.GetTimestamp();
        var root = Root();
        var parsed = root.Parse(arguments);
        if (parsed.Action is ParseErrorAction)
            return Fail(Mistake(parsed, root));
        try
        {
            // Commands that must finish something listen for signals themselves; the others may simply end.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (CommandFailedException failed)
        {
            return Fail(failed.Message);
        }
    }

    public static RootCommand Root()
    {
        var root = new RootCommand("Clew: traces in, durable, and out again.")
        {
            ServeCommand.Create(),
            DemoCommand.Create(),
            TraceCommand.Create(),
            SearchCommand.Create(),
            QueryCommand.Create(),
            TailCommand.Create(),
            StoreCommand.Create(),
            LoadCommand.Create(),
            ConfigCommand.Create(),
            VersionCommand.Create(),
        };
        foreach (var option in root.Options)
        {
            if (option is HelpOption { Action: HelpAction standard } help)
                help.Action = new HelpWithExamples(standard);
        }

        return root;
    }

    /// <summary>One line on standard error.</summary>
    /// <returns>The exit code.</returns>
    public static int Fail(string message)
    {
        Console.Error.WriteLine("clew: " + message.ReplaceLineEndings(" "));
        return 1;
    }

    // "clew store verify"; the root's own name is that of the executable.
    static string PathOf(CommandResult result) => result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : "clew";

    static string Mistake(ParseResult parsed, RootCommand root)
    {
        var command = parsed.CommandResult.Command;
        var path = PathOf(parsed.CommandResult);
        var hint = $"'{path} --help' shows what there is.";
        if (parsed.UnmatchedTokens is [var unknown, ..])
        {
            var isOption = unknown.StartsWith('-');
            var known = isOption
                ? command.Options.Concat(root.Options.Where(option => option.Recursive)).SelectMany(option => option.Aliases.Append(option.Name))
                : command.Subcommands.Select(subcommand => subcommand.Name);
            var nearest = NearestName.Find(unknown.Split('=')[0], known.Where(name => name.StartsWith("--", StringComparison.Ordinal) == unknown.StartsWith("--", StringComparison.Ordinal)));
            var what = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
            return $"unknown {what} '{unknown}'" + (nearest is null ? $"; {hint}" : $"; did you mean '{nearest}'? {hint}");
        }

        if (command == root && parsed.Tokens.Count == 0)
            return "no command given: try 'clew demo', 'clew serve' or 'clew --help'.";
        if (command.Subcommands.Count > 0)
            return $"{path} needs one of {string.Join(", ", command.Subcommands.Select(subcommand => subcommand.Name))}; {hint}";
        return $"{parsed.Errors[0].Message.TrimEnd('.')}; {hint}";
    }
}
