namespace Clew.Otlp.Protobuf;

// The trace messages of OTLP as tags: field number << 3 | wire type. A field that arrives with another wire type has another tag and is, as in every protobuf
// implementation, an unknown field. Names are indexed by field number; [] marks a repeated field.
// Source: opentelemetry-proto, opentelemetry/proto/{collector/trace,trace,resource,common}/v1.

internal static class RequestField
{
    public const uint ResourceSpans = (1 << 3) | (uint)WireType.Bytes;

    public static readonly string[] Names = ["", "resource_spans[]"];
}

internal static class ResourceSpansField
{
    public const uint Resource = (1 << 3) | (uint)WireType.Bytes;
    public const uint ScopeSpans = (2 << 3) | (uint)WireType.Bytes;
    public const uint SchemaUrl = (3 << 3) | (uint)WireType.Bytes;

    public static readonly string[] Names = ["", "resource", "scope_spans[]", "schema_url"];
}

internal static class ScopeSpansField
{
    public const uint Scope = (1 << 3) | (uint)WireType.Bytes;
    public const uint Spans = (2 << 3) | (uint)WireType.Bytes;
    public const uint SchemaUrl = (3 << 3) | (uint)WireType.Bytes;

    public static readonly string[] Names = ["", "scope", "spans[]", "schema_url"];
}

internal static class ResourceField
{
    public const uint Attributes = (1 << 3) | (uint)WireType.Bytes;
    public const uint DroppedAttributesCount = (2 << 3) | (uint)WireType.Varint;
    public const uint EntityRefs = (3 << 3) | (uint)WireType.Bytes;

    public static readonly string[] Names = ["", "attributes[]", "dropped_attributes_count", "entity_refs[]"];
}

internal static class EntityRefField
{
    public const uint SchemaUrl = (1 << 3) | (uint)WireType.Bytes;
    public const uint Type = (2 << 3) | (uint)WireType.Bytes;
    public const uint IdKeys = (3 << 3) | (uint)WireType.Bytes;
    public const uint DescriptionKeys = (4 << 3) | (uint)WireType.Bytes;

    public static readonly string[] Names = ["", "schema_url", "type", "id_keys[]", "description_keys[]"];
}

internal static class ScopeField
{
    public const uint Name = (1 << 3) | (uint)WireType.Bytes;
    public const uint Version = (2 << 3) | (uint)WireType.Bytes;
    public const uint Attributes = (3 << 3) | (uint)WireType.Bytes;
    public const uint DroppedAttributesCount = (4 << 3) | (uint)WireType.Varint;

    public static readonly string[] Names = ["", "name", "version", "attributes[]", "dropped_attributes_count"];
}

internal static class SpanField
{
    public const uint TraceId = (1 << 3) | (uint)WireType.Bytes;
    public const uint SpanId = (2 << 3) | (uint)WireType.Bytes;
    public const uint TraceState = (3 << 3) | (uint)WireType.Bytes;
    public const uint ParentSpanId = (4 << 3) | (uint)WireType.Bytes;
    public const uint Name = (5 << 3) | (uint)WireType.Bytes;
    public const uint Kind = (6 << 3) | (uint)WireType.Varint;
    public const uint StartTimeUnixNano = (7 << 3) | (uint)WireType.Fixed64;
    public const uint EndTimeUnixNano = (8 << 3) | (uint)WireType.Fixed64;
    public const uint Attributes = (9 << 3) | (uint)WireType.Bytes;
    public const uint DroppedAttributesCount = (10 << 3) | (uint)WireType.Varint;
    public const uint Events = (11 << 3) | (uint)WireType.Bytes;
    public const uint DroppedEventsCount = (12 << 3) | (uint)WireType.Varint;
    public const uint Links = (13 << 3) | (uint)WireType.Bytes;
    public const uint DroppedLinksCount = (14 << 3) | (uint)WireType.Varint;
    public const uint Status = (15 << 3) | (uint)WireType.Bytes;
    public const uint Flags = (16 << 3) | (uint)WireType.Fixed32;

    public static readonly string[] Names =
    [
        "", "trace_id", "span_id", "trace_state", "parent_span_id", "name", "kind", "start_time_unix_nano", "end_time_unix_nano", "attributes[]",
        "dropped_attributes_count", "events[]", "dropped_events_count", "links[]", "dropped_links_count", "status", "flags",
    ];
}

internal static class EventField
{
    public const uint TimeUnixNano = (1 << 3) | (uint)WireType.Fixed64;
    public const uint Name = (2 << 3) | (uint)WireType.Bytes;
    public const uint Attributes = (3 << 3) | (uint)WireType.Bytes;
    public const uint DroppedAttributesCount = (4 << 3) | (uint)WireType.Varint;

    public static readonly string[] Names = ["", "time_unix_nano", "name", "attributes[]", "dropped_attributes_count"];
}

internal static class LinkField
{
    public const uint TraceId = (1 << 3) | (uint)WireType.Bytes;
    public const uint SpanId = (2 << 3) | (uint)WireType.Bytes;
    public const uint TraceState = (3 << 3) | (uint)WireType.Bytes;
    public const uint Attributes = (4 << 3) | (uint)WireType.Bytes;
    public const uint DroppedAttributesCount = (5 << 3) | (uint)WireType.Varint;
    public const uint Flags = (6 << 3) | (uint)WireType.Fixed32;

    public static readonly string[] Names = ["", "trace_id", "span_id", "trace_state", "attributes[]", "dropped_attributes_count", "flags"];
}

internal static class StatusField
{
    public const uint Message = (2 << 3) | (uint)WireType.Bytes;
    public const uint Code = (3 << 3) | (uint)WireType.Varint;

    public static readonly string[] Names = ["", "", "message", "code"];
}

internal static class KeyValueField
{
    public const uint Key = (1 << 3) | (uint)WireType.Bytes;
    public const uint Value = (2 << 3) | (uint)WireType.Bytes;

    public static readonly string[] Names = ["", "key", "value"];
}

internal static class AnyValueField
{
    public const uint StringValue = (1 << 3) | (uint)WireType.Bytes;
    public const uint BoolValue = (2 << 3) | (uint)WireType.Varint;
    public const uint IntValue = (3 << 3) | (uint)WireType.Varint;
    public const uint DoubleValue = (4 << 3) | (uint)WireType.Fixed64;
    public const uint ArrayValue = (5 << 3) | (uint)WireType.Bytes;
    public const uint KvlistValue = (6 << 3) | (uint)WireType.Bytes;
    public const uint BytesValue = (7 << 3) | (uint)WireType.Bytes;

    public static readonly string[] Names = ["", "string_value", "bool_value", "int_value", "double_value", "array_value", "kvlist_value", "bytes_value"];
}

/// <summary><c>ArrayValue</c> and <c>KeyValueList</c> both have this one field.</summary>
internal static class ContainerField
{
    public const uint Values = (1 << 3) | (uint)WireType.Bytes;

    public static readonly string[] Names = ["", "values[]"];
}
