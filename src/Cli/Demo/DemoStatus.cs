using System.Diagnostics;

namespace Clew.Cli.Demo;

/// <summary>On a terminal, a line that counts what was sent, rewritten every second.</summary>
internal sealed class DemoStatus : IDisposable
{
    static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    readonly DemoTelemetry _telemetry;
    readonly ITimer? _timer;
    readonly Lock _gate = new();
    long _spanCountBefore;
    bool _isDisposed;

    public DemoStatus(DemoTelemetry telemetry)
    {
        _telemetry = telemetry;
        if (!Console.IsOutputRedirected)
            _timer = TimeProvider.System.CreateTimer(_ => Show(), null, Period, Period);
    }

    public static string Summary(DemoTelemetry telemetry)
    {
        var (traces, spans, lost) = (telemetry.Counter.TraceCount, telemetry.Counter.SpanCount, telemetry.Failures.Count);
        return $"Sent {traces:N0} traces with {spans:N0} spans." + (lost == 0 ? "" : $" {lost:N0} exports failed: {telemetry.Failures.Last}");
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            if (_timer is not null)
                Console.Out.Write("\r\e[K");
        }

        _timer?.Dispose();
    }

    void Show()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            var spans = _telemetry.Counter.SpanCount;
            Console.Out.Write($"\r\e[K{_telemetry.Counter.TraceCount:N0} traces, {spans:N0} spans, {(spans - _spanCountBefore) / Period.TotalSeconds:N0} spans/s"
                + (_telemetry.Failures.Count == 0 ? "" : $", {_telemetry.Failures.Count:N0} exports failed: {_telemetry.Failures.Last}"));
            _spanCountBefore = spans;
        }
    }
}
