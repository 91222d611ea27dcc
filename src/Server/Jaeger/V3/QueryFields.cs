using Clew.Otlp.Protobuf;

namespace Clew.Server.Jaeger.V3;

// The messages of jaeger.api_v3.QueryService as tags: field number << 3 | wire type. Source: jaeger-idl, proto/api_v3/query_service.proto, and the well-known
// types of protobuf. TracesData, the answer of GetTrace and FindTraces, is on the wire what an ExportTraceServiceRequest is.

internal static class GetTraceRequestField
{
    public const uint TraceId = (1 << 3) | (uint)WireType.Bytes;
    public const uint StartTime = (2 << 3) | (uint)WireType.Bytes;
    public const uint EndTime = (3 << 3) | (uint)WireType.Bytes;
    public const uint RawTraces = (4 << 3) | (uint)WireType.Varint;
}

/// <summary>Of <c>FindTracesRequest</c> and <c>FindTraceSummariesRequest</c>.</summary>
internal static class FindRequestField
{
    public const uint Query = (1 << 3) | (uint)WireType.Bytes;
}

internal static class TraceQueryField
{
    public const uint ServiceName = (1 << 3) | (uint)WireType.Bytes;
    public const uint OperationName = (2 << 3) | (uint)WireType.Bytes;
    public const uint Attributes = (3 << 3) | (uint)WireType.Bytes;
    public const uint StartTimeMin = (4 << 3) | (uint)WireType.Bytes;
    public const uint StartTimeMax = (5 << 3) | (uint)WireType.Bytes;
    public const uint DurationMin = (6 << 3) | (uint)WireType.Bytes;
    public const uint DurationMax = (7 << 3) | (uint)WireType.Bytes;
    public const uint SearchDepth = (8 << 3) | (uint)WireType.Varint;
    public const uint RawTraces = (9 << 3) | (uint)WireType.Varint;
    public const uint Filter = (10 << 3) | (uint)WireType.Bytes;
}

internal static class MapEntryField
{
    public const uint Key = (1 << 3) | (uint)WireType.Bytes;
    public const uint Value = (2 << 3) | (uint)WireType.Bytes;
}

/// <summary>Of <c>google.protobuf.Timestamp</c> and <c>Duration</c>.</summary>
internal static class TimeField
{
    public const uint Seconds = (1 << 3) | (uint)WireType.Varint;
    public const uint Nanos = (2 << 3) | (uint)WireType.Varint;
}

internal static class GetServicesResponseField
{
    public const uint Services = (1 << 3) | (uint)WireType.Bytes;
}

internal static class GetOperationsRequestField
{
    public const uint Service = (1 << 3) | (uint)WireType.Bytes;
    public const uint SpanKind = (2 << 3) | (uint)WireType.Bytes;
}

internal static class GetOperationsResponseField
{
    public const uint Operations = (1 << 3) | (uint)WireType.Bytes;
}

internal static class OperationField
{
    public const uint Name = (1 << 3) | (uint)WireType.Bytes;
    public const uint SpanKind = (2 << 3) | (uint)WireType.Bytes;
}

internal static class GetDependenciesRequestField
{
    public const uint StartTime = (1 << 3) | (uint)WireType.Bytes;
    public const uint EndTime = (2 << 3) | (uint)WireType.Bytes;
}

internal static class DependenciesResponseField
{
    public const uint Dependencies = (1 << 3) | (uint)WireType.Bytes;
}

internal static class DependencyField
{
    public const uint Parent = (1 << 3) | (uint)WireType.Bytes;
    public const uint Child = (2 << 3) | (uint)WireType.Bytes;
    public const uint CallCount = (3 << 3) | (uint)WireType.Varint;
}

internal static class SummariesResponseField
{
    public const uint Summaries = (1 << 3) | (uint)WireType.Bytes;
}

internal static class SummaryField
{
    public const uint TraceId = (1 << 3) | (uint)WireType.Bytes;
    public const uint RootServiceName = (2 << 3) | (uint)WireType.Bytes;
    public const uint RootOperationName = (3 << 3) | (uint)WireType.Bytes;
    public const uint MinStartTime = (4 << 3) | (uint)WireType.Fixed64;
    public const uint MaxEndTime = (5 << 3) | (uint)WireType.Fixed64;
    public const uint SpanCount = (6 << 3) | (uint)WireType.Varint;
    public const uint ErrorSpanCount = (7 << 3) | (uint)WireType.Varint;
    public const uint OrphanSpanCount = (8 << 3) | (uint)WireType.Varint;
    public const uint Services = (9 << 3) | (uint)WireType.Bytes;
}

internal static class ServiceSummaryField
{
    public const uint Name = (1 << 3) | (uint)WireType.Bytes;
    public const uint SpanCount = (2 << 3) | (uint)WireType.Varint;
    public const uint ErrorSpanCount = (3 << 3) | (uint)WireType.Varint;
}
