using Clew.Otlp.Protobuf;

namespace Clew.Otlp.Zipkin;

// The messages of Zipkin as tags: field number << 3 | wire type. Names are indexed by field number; [] marks a repeated field.
// Source: zipkin-api, zipkin.proto (package zipkin.proto3).

internal static class ListOfSpansField
{
    public const uint Spans = (1 << 3) | (uint)WireType.Bytes;

    public static readonly string[] Names = ["", "spans[]"];
}

internal static class ZipkinSpanField
{
    public const uint TraceId = (1 << 3) | (uint)WireType.Bytes;
    public const uint ParentId = (2 << 3) | (uint)WireType.Bytes;
    public const uint Id = (3 << 3) | (uint)WireType.Bytes;
    public const uint Kind = (4 << 3) | (uint)WireType.Varint;
    public const uint Name = (5 << 3) | (uint)WireType.Bytes;
    public const uint Timestamp = (6 << 3) | (uint)WireType.Fixed64;
    public const uint Duration = (7 << 3) | (uint)WireType.Varint;
    public const uint LocalEndpoint = (8 << 3) | (uint)WireType.Bytes;
    public const uint RemoteEndpoint = (9 << 3) | (uint)WireType.Bytes;
    public const uint Annotations = (10 << 3) | (uint)WireType.Bytes;
    public const uint Tags = (11 << 3) | (uint)WireType.Bytes;
    public const uint Debug = (12 << 3) | (uint)WireType.Varint;
    public const uint Shared = (13 << 3) | (uint)WireType.Varint;

    public static readonly string[] Names =
    [
        "", "trace_id", "parent_id", "id", "kind", "name", "timestamp", "duration", "local_endpoint", "remote_endpoint", "annotations[]", "tags[]", "debug", "shared",
    ];
}

internal static class EndpointField
{
    public const uint ServiceName = (1 << 3) | (uint)WireType.Bytes;
    public const uint Ipv4 = (2 << 3) | (uint)WireType.Bytes;
    public const uint Ipv6 = (3 << 3) | (uint)WireType.Bytes;
    public const uint Port = (4 << 3) | (uint)WireType.Varint;

    public static readonly string[] Names = ["", "service_name", "ipv4", "ipv6", "port"];
}

internal static class AnnotationField
{
    public const uint Timestamp = (1 << 3) | (uint)WireType.Fixed64;
    public const uint Value = (2 << 3) | (uint)WireType.Bytes;

    public static readonly string[] Names = ["", "timestamp", "value"];
}

/// <summary>An entry of <c>map&lt;string, string&gt; tags</c>.</summary>
internal static class TagField
{
    public const uint Key = (1 << 3) | (uint)WireType.Bytes;
    public const uint Value = (2 << 3) | (uint)WireType.Bytes;

    public static readonly string[] Names = ["", "key", "value"];
}
