using Clew.Otlp.Json;

namespace Clew.Otlp.Zipkin;

// The objects of Zipkin's JSON. The constants are indices of the names above them. Source: zipkin-api, zipkin2-api.yaml.

internal static class ZipkinSpanKeys
{
    public static readonly JsonNames Names = new(
        "traceId", "parentId", "id", "kind", "name", "timestamp", "duration", "localEndpoint", "remoteEndpoint", "annotations", "tags", "debug", "shared");

    /// <summary>By the numbers of <see cref="ZipkinSpan.KindOf"/>.</summary>
    public static readonly JsonNames KindNames = new("SPAN_KIND_UNSPECIFIED", "CLIENT", "SERVER", "PRODUCER", "CONSUMER");

    public const int TraceId = 0, ParentId = 1, Id = 2, Kind = 3, Name = 4, Timestamp = 5, Duration = 6, LocalEndpoint = 7, RemoteEndpoint = 8, Annotations = 9,
        Tags = 10, Debug = 11, Shared = 12;
}

internal static class EndpointKeys
{
    public static readonly JsonNames Names = new("serviceName", "ipv4", "ipv6", "port");
    public const int ServiceName = 0, Ipv4 = 1, Ipv6 = 2, Port = 3;
}

internal static class AnnotationKeys
{
    public static readonly JsonNames Names = new("timestamp", "value");
    public const int Timestamp = 0, Value = 1;
}
