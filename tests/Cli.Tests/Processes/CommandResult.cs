namespace Clew.Cli.Tests.Processes;

/// <summary>What a command left behind when it ended.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Errors);
