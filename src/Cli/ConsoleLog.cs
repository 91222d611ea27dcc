using Clew.Cli.Terminal;
using Microsoft.Extensions.Logging;

namespace Clew.Cli;

/// <summary>Warnings and errors of a server, one line each on standard error. The server itself limits their rate.</summary>
internal sealed class ConsoleLog : ILogger
{
    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and < LogLevel.None;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        var time = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ");
        var text = formatter(state, exception) + (exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})");
        Console.Error.WriteLine($"{time} {logLevel.ToString().ToLowerInvariant()}: {TerminalText.Sanitize(text.ReplaceLineEndings(" "))}");
    }
}
