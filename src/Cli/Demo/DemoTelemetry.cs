using System.Diagnostics;
using OpenTelemetry;

namespace Clew.Cli.Demo;

/// <summary>Where the simulated services send their spans, and how many there were.</summary>
/// <param name="targets">Taken by turns, one per service.</param>
internal sealed class DemoTelemetry(IReadOnlyList<DemoTarget> targets) : IDisposable
{
    int _serviceCount;

    public SpanCounter Counter { get; } = new();

    public ExportFailures Failures { get; } = new();

    public DemoTarget NextTarget() => targets[(Interlocked.Increment(ref _serviceCount) - 1) % targets.Count];

    public void Dispose()
    {
        Failures.Dispose();
        Counter.Dispose();
    }

    /// <summary>Counts the spans that ended, and the traces among them by their roots.</summary>
    internal sealed class SpanCounter : BaseProcessor<Activity>
    {
        long _spanCount;
        long _traceCount;

        public long SpanCount => Interlocked.Read(ref _spanCount);

        public long TraceCount => Interlocked.Read(ref _traceCount);

        public override void OnEnd(Activity data)
        {
            Interlocked.Increment(ref _spanCount);
            if (data.ParentSpanId == default)
                Interlocked.Increment(ref _traceCount);
        }
    }
}
