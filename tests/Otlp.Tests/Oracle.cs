using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Resource.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace Clew.Otlp.Tests;

/// <summary>What Google.Protobuf makes of a request, without the differences that mean nothing: an empty message and none, a zero identity and none, an enum's
/// unknown number and its zero.</summary>
static class Oracle
{
    public static ExportTraceServiceRequest Parse(ReadOnlySpan<byte> request)
    {
        var message = ExportTraceServiceRequest.Parser.WithDiscardUnknownFields(true).ParseFrom(request);
        foreach (var resourceSpans in message.ResourceSpans)
        {
            resourceSpans.Resource ??= new Resource();
            Normalize(resourceSpans.Resource.Attributes);
            foreach (var scopeSpans in resourceSpans.ScopeSpans)
            {
                scopeSpans.Scope ??= new InstrumentationScope();
                Normalize(scopeSpans.Scope.Attributes);
                foreach (var span in scopeSpans.Spans)
                    Normalize(span);
            }
        }

        return message;
    }

    static void Normalize(Span span)
    {
        span.ParentSpanId = Normalize(span.ParentSpanId);
        if (!Enum.IsDefined(span.Kind))
            span.Kind = Span.Types.SpanKind.Unspecified;
        if (span.Status is { } status && !Enum.IsDefined(status.Code))
            status.Code = Status.Types.StatusCode.Unset;
        if (span.Status is { Code: Status.Types.StatusCode.Unset, Message: "" })
            span.Status = null;
        Normalize(span.Attributes);
        foreach (var occurrence in span.Events)
            Normalize(occurrence.Attributes);
        foreach (var link in span.Links)
        {
            link.TraceId = Normalize(link.TraceId);
            link.SpanId = Normalize(link.SpanId);
            Normalize(link.Attributes);
        }
    }

    static void Normalize(IEnumerable<KeyValue> attributes)
    {
        foreach (var attribute in attributes)
            Normalize(attribute.Value ??= new AnyValue());
    }

    static void Normalize(AnyValue value)
    {
        foreach (var element in value.ArrayValue?.Values ?? [])
            Normalize(element);
        Normalize(value.KvlistValue?.Values ?? []);
    }

    static ByteString Normalize(ByteString identity) => identity.Span.ContainsAnyExcept((byte)0) ? identity : ByteString.Empty;
}
