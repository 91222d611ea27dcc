using System.Text.Json;

namespace Clew.Server.Jaeger;

/// <summary>The words of Jaeger's legacy JSON that repeat with every span or tag, encoded once.</summary>
internal static class JaegerNames
{
    public static readonly JsonEncodedText
        TraceId = JsonEncodedText.Encode("traceID"),
        SpanId = JsonEncodedText.Encode("spanID"),
        Flags = JsonEncodedText.Encode("flags"),
        OperationName = JsonEncodedText.Encode("operationName"),
        References = JsonEncodedText.Encode("references"),
        RefType = JsonEncodedText.Encode("refType"),
        ChildOf = JsonEncodedText.Encode("CHILD_OF"),
        FollowsFrom = JsonEncodedText.Encode("FOLLOWS_FROM"),
        StartTime = JsonEncodedText.Encode("startTime"),
        Duration = JsonEncodedText.Encode("duration"),
        Tags = JsonEncodedText.Encode("tags"),
        Logs = JsonEncodedText.Encode("logs"),
        Timestamp = JsonEncodedText.Encode("timestamp"),
        Fields = JsonEncodedText.Encode("fields"),
        ProcessId = JsonEncodedText.Encode("processID"),
        Warnings = JsonEncodedText.Encode("warnings"),
        Key = JsonEncodedText.Encode("key"),
        Type = JsonEncodedText.Encode("type"),
        Value = JsonEncodedText.Encode("value"),
        String = JsonEncodedText.Encode("string"),
        Bool = JsonEncodedText.Encode("bool"),
        Int64 = JsonEncodedText.Encode("int64"),
        Float64 = JsonEncodedText.Encode("float64"),
        Binary = JsonEncodedText.Encode("binary"),
        Event = JsonEncodedText.Encode("event"),
        SpanKind = JsonEncodedText.Encode("span.kind"),
        StatusCode = JsonEncodedText.Encode("otel.status_code"),
        StatusDescription = JsonEncodedText.Encode("otel.status_description"),
        Error = JsonEncodedText.Encode("error"),
        ScopeName = JsonEncodedText.Encode("otel.scope.name"),
        ScopeVersion = JsonEncodedText.Encode("otel.scope.version"),
        TraceState = JsonEncodedText.Encode("w3c.tracestate");
}
