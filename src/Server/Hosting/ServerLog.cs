using Clew.Storage;
using Microsoft.Extensions.Logging;

namespace Clew.Server.Hosting;

/// <summary>What the server says about itself. A stranger can cause any number of problems, but only one line a second of each level.</summary>
/// <remarks>Requests are never logged: <c>/metrics</c> counts them. Contents of spans and of headers never appear here.</remarks>
internal sealed class ServerLog(ILogger log, TimeProvider time)
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Each level has a line a second of its own: what strangers cause is a warning, and must not hide an error of ours.
    readonly Slot _warnings = new(time);
    readonly Slot _errors = new(time);

    public void Information(string message) => log.LogInformation("{Message}", message);

    public void Warning(string message) => Write(_warnings, LogLevel.Warning, message, null);

    public void Error(string message, Exception? failure = null) => Write(_errors, LogLevel.Error, message, failure);

    /// <summary>What the store has to say; a disk may fail as often as it is asked.</summary>
    public void Write(StorageEvent report)
    {
        switch (report.Level)
        {
            case StorageEventLevel.Error: Error(report.Message); break;
            case StorageEventLevel.Warning: Warning(report.Message); break;
            default: Information(report.Message); break;
        }
    }

    void Write(Slot slot, LogLevel level, string message, Exception? failure)
    {
        if (!slot.TryTake(out var suppressed))
            return;
        if (suppressed > 0)
            message += $" (and {suppressed} more before it)";
        log.Log(level, failure, "{Message}", message);
    }

    sealed class Slot(TimeProvider time)
    {
        readonly Lock _gate = new();
        long? _lastAt;
        long _suppressedCount;

        public bool TryTake(out long suppressed)
        {
            lock (_gate)
            {
                suppressed = _suppressedCount;
                if (_lastAt is { } last && time.GetElapsedTime(last) < Pause)
                {
                    _suppressedCount++;
                    return false;
                }

                _lastAt = time.GetTimestamp();
                _suppressedCount = 0;
                return true;
            }
        }
    }
}
