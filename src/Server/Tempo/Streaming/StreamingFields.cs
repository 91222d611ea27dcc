using Clew.Otlp.Protobuf;

namespace Clew.Server.Tempo.Streaming;

// The messages of tempopb.StreamingQuerier as tags: field number << 3 | wire type. Source: the definitions that Tempo publishes (tempo.proto).
// Attributes and labels are OTLP's own KeyValue.
internal static class SearchRequestField
{
    public const uint Tags = (1 << 3) | (uint)WireType.Bytes;
    public const uint MinDurationMs = (2 << 3) | (uint)WireType.Varint;
    public const uint MaxDurationMs = (3 << 3) | (uint)WireType.Varint;
    public const uint Limit = (4 << 3) | (uint)WireType.Varint;
    public const uint Start = (5 << 3) | (uint)WireType.Varint;
    public const uint End = (6 << 3) | (uint)WireType.Varint;
    public const uint Query = (8 << 3) | (uint)WireType.Bytes;
    public const uint SpansPerSpanSet = (9 << 3) | (uint)WireType.Varint;
}

/// <summary>Of SearchTags and SearchTagsV2.</summary>
internal static class TagsRequestField
{
    public const uint Scope = (1 << 3) | (uint)WireType.Bytes;
    public const uint Start = (3 << 3) | (uint)WireType.Varint;
    public const uint End = (4 << 3) | (uint)WireType.Varint;
    public const uint Query = (5 << 3) | (uint)WireType.Bytes;
    public const uint MaxTagsPerScope = (6 << 3) | (uint)WireType.Varint;
}

/// <summary>Of SearchTagValues and SearchTagValuesV2.</summary>
internal static class TagValuesRequestField
{
    public const uint TagName = (1 << 3) | (uint)WireType.Bytes;
    public const uint Query = (2 << 3) | (uint)WireType.Bytes;
    public const uint Start = (4 << 3) | (uint)WireType.Varint;
    public const uint End = (5 << 3) | (uint)WireType.Varint;
    public const uint MaxTagValues = (6 << 3) | (uint)WireType.Varint;
}

/// <summary>Of MetricsQueryRange, and, up to the end of the range, of MetricsQueryInstant.</summary>
internal static class QueryRequestField
{
    public const uint Query = (1 << 3) | (uint)WireType.Bytes;
    public const uint Start = (2 << 3) | (uint)WireType.Varint;
    public const uint End = (3 << 3) | (uint)WireType.Varint;
    public const uint Step = (4 << 3) | (uint)WireType.Varint;
    public const uint Exemplars = (16 << 3) | (uint)WireType.Varint;
    public const uint MaxSeries = (17 << 3) | (uint)WireType.Varint;
    public const uint Instant = (18 << 3) | (uint)WireType.Varint;
}

internal static class MapEntryField
{
    public const uint Key = (1 << 3) | (uint)WireType.Bytes;
    public const uint Value = (2 << 3) | (uint)WireType.Bytes;
}

internal static class TraceByIdResponseField
{
    public const uint Trace = (1 << 3) | (uint)WireType.Bytes;
    public const uint Status = (3 << 3) | (uint)WireType.Varint;
    public const uint Message = (4 << 3) | (uint)WireType.Bytes;
}

internal static class SearchResponseField
{
    public const uint Traces = (1 << 3) | (uint)WireType.Bytes;
    public const uint Metrics = (2 << 3) | (uint)WireType.Bytes;
}

internal static class TraceMetadataField
{
    public const uint TraceId = (1 << 3) | (uint)WireType.Bytes;
    public const uint RootServiceName = (2 << 3) | (uint)WireType.Bytes;
    public const uint RootTraceName = (3 << 3) | (uint)WireType.Bytes;
    public const uint StartTimeUnixNano = (4 << 3) | (uint)WireType.Varint;
    public const uint DurationMs = (5 << 3) | (uint)WireType.Varint;
    public const uint SpanSet = (6 << 3) | (uint)WireType.Bytes;
    public const uint SpanSets = (7 << 3) | (uint)WireType.Bytes;
    public const uint ServiceStats = (8 << 3) | (uint)WireType.Bytes;
}

internal static class ServiceStatsField
{
    public const uint SpanCount = (1 << 3) | (uint)WireType.Varint;
    public const uint ErrorCount = (2 << 3) | (uint)WireType.Varint;
}

internal static class SpanSetField
{
    public const uint Spans = (1 << 3) | (uint)WireType.Bytes;
    public const uint Matched = (2 << 3) | (uint)WireType.Varint;
    public const uint Attributes = (3 << 3) | (uint)WireType.Bytes;
}

internal static class FoundSpanField
{
    public const uint SpanId = (1 << 3) | (uint)WireType.Bytes;
    public const uint Name = (2 << 3) | (uint)WireType.Bytes;
    public const uint StartTimeUnixNano = (3 << 3) | (uint)WireType.Varint;
    public const uint DurationNanos = (4 << 3) | (uint)WireType.Varint;
    public const uint Attributes = (5 << 3) | (uint)WireType.Bytes;
}

internal static class SearchMetricsField
{
    public const uint InspectedTraces = (1 << 3) | (uint)WireType.Varint;
    public const uint InspectedBytes = (2 << 3) | (uint)WireType.Varint;
    public const uint TotalBlocks = (3 << 3) | (uint)WireType.Varint;
    public const uint CompletedJobs = (4 << 3) | (uint)WireType.Varint;
    public const uint TotalJobs = (5 << 3) | (uint)WireType.Varint;
    public const uint InspectedSpans = (7 << 3) | (uint)WireType.Varint;
}

internal static class MetadataMetricsField
{
    public const uint InspectedBytes = (1 << 3) | (uint)WireType.Varint;
    public const uint TotalJobs = (2 << 3) | (uint)WireType.Varint;
    public const uint CompletedJobs = (3 << 3) | (uint)WireType.Varint;
    public const uint TotalBlocks = (4 << 3) | (uint)WireType.Varint;
}

/// <summary>Of all four answers about tags: names, scopes or values, and what they took.</summary>
internal static class TagsResponseField
{
    public const uint Entries = (1 << 3) | (uint)WireType.Bytes;
    public const uint Metrics = (2 << 3) | (uint)WireType.Bytes;
}

internal static class TagsScopeField
{
    public const uint Name = (1 << 3) | (uint)WireType.Bytes;
    public const uint Tags = (2 << 3) | (uint)WireType.Bytes;
}

internal static class TagValueField
{
    public const uint Type = (1 << 3) | (uint)WireType.Bytes;
    public const uint Value = (2 << 3) | (uint)WireType.Bytes;
}

/// <summary>Of QueryRangeResponse and QueryInstantResponse.</summary>
internal static class SeriesResponseField
{
    public const uint Series = (1 << 3) | (uint)WireType.Bytes;
    public const uint Metrics = (2 << 3) | (uint)WireType.Bytes;
    public const uint Status = (3 << 3) | (uint)WireType.Varint;
    public const uint Message = (4 << 3) | (uint)WireType.Bytes;
}

internal static class TimeSeriesField
{
    public const uint Labels = (1 << 3) | (uint)WireType.Bytes;
    public const uint Samples = (2 << 3) | (uint)WireType.Bytes;
    public const uint Exemplars = (4 << 3) | (uint)WireType.Bytes;
}

internal static class InstantSeriesField
{
    public const uint Labels = (1 << 3) | (uint)WireType.Bytes;
    public const uint Value = (2 << 3) | (uint)WireType.Fixed64;
}

internal static class SampleField
{
    public const uint Value = (1 << 3) | (uint)WireType.Fixed64;
    public const uint TimestampMs = (2 << 3) | (uint)WireType.Varint;
}

internal static class ExemplarField
{
    public const uint Labels = (1 << 3) | (uint)WireType.Bytes;
    public const uint Value = (2 << 3) | (uint)WireType.Fixed64;
    public const uint TimestampMs = (3 << 3) | (uint)WireType.Varint;
}
