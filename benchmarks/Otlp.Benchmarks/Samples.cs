using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Resource.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace Clew.Otlp.Benchmarks;

/// <summary>Requests like those an instrumented HTTP service sends: about 250 bytes and six attributes per span, one of them different in every span.</summary>
public static class Samples
{
    static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE"];

    public static byte[] ExportRequest(int spans) => ExportMessage(spans).ToByteArray();

    public static ExportTraceServiceRequest ExportMessage(int spans)
    {
        var random = new Random(20260801);
        var scope = new ScopeSpans { Scope = new InstrumentationScope { Name = "OpenTelemetry.Instrumentation.AspNetCore", Version = "1.15.0" } };
        byte[] traceId = [], parentId = [];
        for (var at = 0; at < spans; at++)
        {
            if (at % 8 == 0)
                (traceId, parentId) = (Random(16), []);
            var span = SpanOf(random, at, traceId, parentId, Random(8));
            parentId = span.SpanId.ToByteArray();
            scope.Spans.Add(span);
        }

        var resource = new Resource
        {
            Attributes = { Text("service.name", "checkout"), Text("service.instance.id", "checkout-7d9f"), Text("telemetry.sdk.language", "dotnet"), Text("host.name", "node-17") },
        };
        return new ExportTraceServiceRequest { ResourceSpans = { new ResourceSpans { Resource = resource, ScopeSpans = { scope } } } };

        byte[] Random(int count)
        {
            var bytes = new byte[count];
            random.NextBytes(bytes);
            return bytes;
        }
    }

    static Span SpanOf(Random random, int at, byte[] traceId, byte[] parentId, byte[] spanId)
    {
        var start = 1_785_000_000_000_000_000UL + ((ulong)at * 1_000_003);
        var span = new Span
        {
            TraceId = ByteString.CopyFrom(traceId),
            SpanId = ByteString.CopyFrom(spanId),
            ParentSpanId = ByteString.CopyFrom(parentId),
            Name = $"GET /api/orders/{(char)('a' + (at % 20))}",
            Kind = at % 8 == 0 ? Span.Types.SpanKind.Server : Span.Types.SpanKind.Client,
            StartTimeUnixNano = start,
            EndTimeUnixNano = start + (ulong)random.Next(1_000, 50_000_000),
            Flags = 0x101,
            Attributes =
            {
                Text("http.request.method", Methods[at % Methods.Length]), Text("http.route", $"/api/orders/{(char)('a' + (at % 20))}"), Text("server.address", "orders.internal"),
                Number("http.response.status_code", 200), Number("server.port", 8080), Text("enduser.id", $"user-{random.Next():x8}"),
            },
        };
        if (at % 10 == 0)
            span.Events.Add(new Span.Types.Event { TimeUnixNano = start + 500, Name = "retry", Attributes = { Number("attempt", 2) } });
        if (at % 25 == 0)
            span.Status = new Status { Code = Status.Types.StatusCode.Error, Message = "upstream timed out" };
        return span;
    }

    static KeyValue Text(string key, string value) => new() { Key = key, Value = new AnyValue { StringValue = value } };

    static KeyValue Number(string key, long value) => new() { Key = key, Value = new AnyValue { IntValue = value } };
}
