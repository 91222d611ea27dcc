namespace Clew.Server.Receivers;

/// <summary>The paths of OTLP, as gRPC methods and as HTTP resources.</summary>
internal static class OtlpServices
{
    public const string TraceExportMethod = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    public const string TracePath = "/v1/traces";

    /// <summary>The other signals, which exporters may send to the same address unless told otherwise.</summary>
    public static string? OtherSignalOf(string path) => path switch
    {
        "/opentelemetry.proto.collector.logs.v1.LogsService/Export" or "/v1/logs" => "logs",
        "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export" or "/v1/metrics" => "metrics",
        "/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export" or "/v1development/profiles" => "profiles",
        _ => null,
    };

    public static string OnlyTraces(string signal) =>
        $"Clew takes traces; {signal} belong elsewhere. Set OTEL_{signal.ToUpperInvariant()}_EXPORTER=none, or give them an endpoint of their own.";
}
