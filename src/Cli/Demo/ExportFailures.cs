using System.Diagnostics.Tracing;

namespace Clew.Cli.Demo;

/// <summary>Listens to what the OpenTelemetry SDK says about its exports, which it keeps to itself otherwise.</summary>
internal sealed class ExportFailures : EventListener
{
    long _count;

    public long Count => Interlocked.Read(ref _count);

    /// <summary>The latest failure, on one line; empty when there was none.</summary>
    public string Last { get; private set; } = "";

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name.StartsWith("OpenTelemetry-", StringComparison.Ordinal))
            EnableEvents(eventSource, EventLevel.Error);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        Interlocked.Increment(ref _count);
        var details = eventData.Payload is { Count: > 0 } payload ? string.Join(", ", payload.Where(item => item is not null)) : "";
        Last = $"{eventData.EventName}: {details.ReplaceLineEndings(" ")}";
    }
}
