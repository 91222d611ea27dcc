using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Clew.Cli.Demo;

/// <summary>One process of a simulated system: its own resource, its own tracer, its own connection to the server.</summary>
internal sealed class InstrumentedService : IDisposable
{
    // Half a second instead of five: a demo is watched while it happens.
    const int ExportPauseMillis = 500;
    const int QueuedSpansMax = 32_768;
    const int ShutdownMillisMax = 5_000;

    readonly ActivitySource _source;
    readonly TracerProvider _provider;

    /// <param name="system">The system it belongs to, as <c>service.namespace</c>.</param>
    /// <param name="name">As <c>service.name</c>.</param>
    /// <param name="instance">As <c>service.instance.id</c>; different for each process.</param>
    public InstrumentedService(DemoTelemetry telemetry, string system, string name, string instance, params KeyValuePair<string, object>[] resource)
    {
        Name = name;
        Instance = instance;
        // In one process a source reaches every listener of its name, so each simulated process has a name of its own.
        _source = new ActivitySource($"{system}.{instance}", "1.0.0");
        _provider = Sdk.CreateTracerProviderBuilder()
            .AddSource(_source.Name)
            .SetSampler(new AlwaysOnSampler())
            .ConfigureResource(described => described.Clear()
                .AddService(name, system, "4.0.0", autoGenerateServiceInstanceId: false, instance)
                .AddTelemetrySdk()
                .AddAttributes([new("deployment.environment.name", "demo"), new("host.name", instance), .. resource]))
            .AddProcessor(telemetry.Counter)
            .AddOtlpExporter(exporter =>
            {
                (exporter.Endpoint, exporter.Protocol) = telemetry.NextTarget();
                exporter.ExportProcessorType = ExportProcessorType.Batch;
                exporter.BatchExportProcessorOptions = new BatchExportActivityProcessorOptions
                {
                    ScheduledDelayMilliseconds = ExportPauseMillis, MaxQueueSize = QueuedSpansMax, MaxExportBatchSize = 2_048,
                };
            })
            .Build();
    }

    public string Name { get; }

    public string Instance { get; }

    /// <summary>Starts a trace.</summary>
    public Activity StartRoot(string name, ActivityKind kind, params ActivityLink[] links)
    {
        Activity.Current = null;
        return Started(_source.StartActivity(name, kind, parentContext: default, tags: null, links), name);
    }

    /// <summary>Goes on with a trace that arrived in a message.</summary>
    public Activity StartRemote(MessageHeaders headers, string name, ActivityKind kind, params ActivityLink[] links) =>
        Started(_source.StartActivity(name, kind, headers.Parent, tags: null, links), name);

    /// <summary>A part of what this process is doing: a child of the current span.</summary>
    public Activity Start(string name, ActivityKind kind = ActivityKind.Internal, params ActivityLink[] links) =>
        Started(_source.StartActivity(name, kind, Activity.Current?.Context ?? default, tags: null, links), name);

    /// <summary>Sends what is still queued.</summary>
    public void Dispose()
    {
        _provider.Shutdown(ShutdownMillisMax);
        _provider.Dispose();
        _source.Dispose();
    }

    // Nobody listens any more while the demo ends; the span then goes nowhere, and the code that works on it need not care.
    static Activity Started(Activity? span, string name) => span ?? new Activity(name).Start();
}
