namespace Clew.Otlp.Json;

// The trace messages of OTLP/JSON: lowerCamelCase keys only, as the specification demands. The constants are indices of the names above them.

internal static class RequestKeys
{
    public static readonly JsonNames Names = new("resourceSpans");
    public const int ResourceSpans = 0;
}

internal static class ResourceSpansKeys
{
    public static readonly JsonNames Names = new("resource", "scopeSpans", "schemaUrl");
    public const int Resource = 0, ScopeSpans = 1, SchemaUrl = 2;
}

internal static class ScopeSpansKeys
{
    public static readonly JsonNames Names = new("scope", "spans", "schemaUrl");
    public const int Scope = 0, Spans = 1, SchemaUrl = 2;
}

internal static class ResourceKeys
{
    public static readonly JsonNames Names = new("attributes", "droppedAttributesCount", "entityRefs");
    public const int Attributes = 0, DroppedAttributesCount = 1, EntityRefs = 2;
}

internal static class EntityRefKeys
{
    public static readonly JsonNames Names = new("schemaUrl", "type", "idKeys", "descriptionKeys");
    public const int SchemaUrl = 0, Type = 1, IdKeys = 2, DescriptionKeys = 3;
}

internal static class ScopeKeys
{
    public static readonly JsonNames Names = new("name", "version", "attributes", "droppedAttributesCount");
    public const int Name = 0, Version = 1, Attributes = 2, DroppedAttributesCount = 3;
}

internal static class SpanKeys
{
    public static readonly JsonNames Names = new(
        "traceId", "spanId", "traceState", "parentSpanId", "name", "kind", "startTimeUnixNano", "endTimeUnixNano", "attributes", "droppedAttributesCount",
        "events", "droppedEventsCount", "links", "droppedLinksCount", "status", "flags");

    /// <summary>The kinds by number, as some senders write them although the specification asks for the number.</summary>
    public static readonly JsonNames KindNames = new(
        "SPAN_KIND_UNSPECIFIED", "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER", "SPAN_KIND_CONSUMER");

    public const int TraceId = 0, SpanId = 1, TraceState = 2, ParentSpanId = 3, Name = 4, Kind = 5, StartTimeUnixNano = 6, EndTimeUnixNano = 7, Attributes = 8,
        DroppedAttributesCount = 9, Events = 10, DroppedEventsCount = 11, Links = 12, DroppedLinksCount = 13, Status = 14, Flags = 15;
}

internal static class EventKeys
{
    public static readonly JsonNames Names = new("timeUnixNano", "name", "attributes", "droppedAttributesCount");
    public const int TimeUnixNano = 0, Name = 1, Attributes = 2, DroppedAttributesCount = 3;
}

internal static class LinkKeys
{
    public static readonly JsonNames Names = new("traceId", "spanId", "traceState", "attributes", "droppedAttributesCount", "flags");
    public const int TraceId = 0, SpanId = 1, TraceState = 2, Attributes = 3, DroppedAttributesCount = 4, Flags = 5;
}

internal static class StatusKeys
{
    public static readonly JsonNames Names = new("message", "code");
    public static readonly JsonNames CodeNames = new("STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR");
    public const int Message = 0, Code = 1;
}

internal static class KeyValueKeys
{
    public static readonly JsonNames Names = new("key", "value");
    public const int Key = 0, Value = 1;
}

internal static class AnyValueKeys
{
    public static readonly JsonNames Names =
        new("stringValue", "boolValue", "intValue", "doubleValue", "arrayValue", "kvlistValue", "bytesValue");

    public const int StringValue = 0, BoolValue = 1, IntValue = 2, DoubleValue = 3, ArrayValue = 4, KvlistValue = 5, BytesValue = 6;
}

/// <summary><c>ArrayValue</c> and <c>KeyValueList</c> both have this one key.</summary>
internal static class ContainerKeys
{
    public static readonly JsonNames Names = new("values");
    public const int Values = 0;
}
