using Microsoft.Extensions.Logging;

namespace Clew.Server.Hosting;

/// <summary>What the server says about itself. A stranger can cause any number of problems, but only one line a second.</summary>
/// <remarks>Requests are never logged: <c>/metrics</c> counts them. Contents of spans and of headers never appear here.</remarks>
internal sealed class ServerLog(ILogger log, TimeProvider time)
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly Lock _gate = new();
    long? _lastAt;
    long _suppressedCount;

    public void Information(string message) => log.LogInformation("{Message}", message);

    public void Warning(string message) => Write(LogLevel.Warning, message, null);

    public void Error(string message, Exception failure) => Write(LogLevel.Error, message, failure);

    void Write(LogLevel level, string message, Exception? failure)
    {
        long suppressed;
        lock (_gate)
        {
            if (_lastAt is { } last && time.GetElapsedTime(last) < Pause)
            {
                _suppressedCount++;
                return;
            }

            _lastAt = time.GetTimestamp();
            suppressed = _suppressedCount;
            _suppressedCount = 0;
        }

        if (suppressed > 0)
            message += $" (and {suppressed} more before it)";
        log.Log(level, failure, "{Message}", message);
    }
}
