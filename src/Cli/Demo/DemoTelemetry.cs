using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace Clew.Cli.Demo;

/// <summary>Where the simulated services send their spans, by turns over gRPC and HTTP, and how many there were.</summary>
internal sealed class DemoTelemetry(Uri otlpGrpc, Uri otlpHttp) : IDisposable
{
    int _serviceCount;

    public SpanCounter Counter { get; } = new();

    public ExportFailures Failures { get; } = new();

    /// <summary>Every other service speaks the other protocol.</summary>
    public (Uri Endpoint, OtlpExportProtocol Protocol) NextEndpoint() => Interlocked.Increment(ref _serviceCount) % 2 == 1
        ? (otlpGrpc, OtlpExportProtocol.Grpc)
        : (new Uri(otlpHttp, "/v1/traces"), OtlpExportProtocol.HttpProtobuf);

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
