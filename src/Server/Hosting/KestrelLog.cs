using Clew.Collector.Metrics;
using Microsoft.Extensions.Logging;

namespace Clew.Server.Hosting;

/// <summary>Turns what Kestrel would log about broken requests into counts. Nothing else it has to say is of use to an operator.</summary>
/// <param name="port">The label value of the port it serves.</param>
internal sealed class KestrelLog(string port, CounterFamily garbage) : ILoggerFactory
{
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("This factory has one purpose and no providers.");

    public ILogger CreateLogger(string categoryName) => categoryName switch
    {
        "Microsoft.AspNetCore.Server.Kestrel.BadRequests" => new CountingLogger(garbage.With(port, "bad_request")),
        "Microsoft.AspNetCore.Server.Kestrel.Http2" => new CountingLogger(garbage.With(port, "bad_http2")),
        _ => Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance,
    };

    public void Dispose()
    {
    }

    // Kestrel reports the faults of clients at the debug level, ordinary events of HTTP/2 at trace.
    sealed class CountingLogger(Counter counter) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Debug && exception is not null)
                counter.Increment();
        }
    }
}
