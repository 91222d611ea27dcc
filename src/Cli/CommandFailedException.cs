namespace Clew.Cli;

/// <summary>A command cannot do what was asked. The message is one line that says what to do about it; no stack trace is shown.</summary>
internal class CommandFailedException(string message, Exception? inner = null) : Exception(message, inner);
