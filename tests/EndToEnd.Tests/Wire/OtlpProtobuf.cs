using System.Text;

namespace Clew.EndToEnd.Tests.Wire;

/// <summary>Writes an <c>ExportTraceServiceRequest</c>; neighbours with the same resource and scope share their envelopes.</summary>
internal static class OtlpProtobuf
{
    public static byte[] WriteRequest(IEnumerable<OtlpSpan> spans)
    {
        var request = new ProtobufWriter();
        foreach (var ofResource in Runs(spans, span => span.Resource))
        {
            var resource = ofResource[0].Resource;
            var resourceSpans = new ProtobufWriter().Message(1, Attributes(new ProtobufWriter(), 1, resource.Attributes));
            foreach (var ofScope in Runs(ofResource, span => span.Scope))
                resourceSpans.Message(2, ScopeSpans(ofScope));
            request.Message(1, resourceSpans.Text(3, resource.SchemaUrl));
        }

        return request.ToArray();
    }

    static ProtobufWriter ScopeSpans(List<OtlpSpan> spans)
    {
        var scope = spans[0].Scope;
        var writer = new ProtobufWriter().Message(1, Attributes(new ProtobufWriter().Text(1, scope.Name).Text(2, scope.Version), 3, scope.Attributes));
        foreach (var span in spans)
            writer.Message(2, Span(span));
        return writer.Text(3, scope.SchemaUrl);
    }

    static ProtobufWriter Span(OtlpSpan span)
    {
        var writer = new ProtobufWriter()
            .Id(1, span.TraceId).Id(2, span.SpanId).Text(3, span.TraceState).Id(4, span.ParentSpanId).Text(5, span.Name).Varint(6, (ulong)span.Kind)
            .Fixed64(7, (ulong)span.StartNanos).Fixed64(8, (ulong)span.EndNanos);
        Attributes(writer, 9, span.Attributes).Varint(10, (ulong)span.DroppedAttributesCount);
        foreach (var occurred in span.Events)
            writer.Message(11, Attributes(new ProtobufWriter().Fixed64(1, (ulong)occurred.TimeNanos).Text(2, occurred.Name), 3, occurred.Attributes));
        writer.Varint(12, (ulong)span.DroppedEventsCount);
        foreach (var link in span.Links)
        {
            var target = new ProtobufWriter().Id(1, link.TraceId).Id(2, link.SpanId).Text(3, link.TraceState);
            writer.Message(13, Attributes(target, 4, link.Attributes).Fixed32(6, link.Flags));
        }

        return writer
            .Varint(14, (ulong)span.DroppedLinksCount)
            .Message(15, new ProtobufWriter().Text(2, span.StatusMessage).Varint(3, (ulong)span.StatusCode))
            .Fixed32(16, span.Flags);
    }

    static ProtobufWriter Attributes(ProtobufWriter writer, int field, OtlpAttribute[] attributes)
    {
        foreach (var attribute in attributes)
            writer.Message(field, new ProtobufWriter().Text(1, attribute.Key).Message(2, Value(attribute.Value)));
        return writer;
    }

    static ProtobufWriter Value(object? value)
    {
        var writer = new ProtobufWriter();
        return value switch
        {
            null => writer,
            string text => writer.Present(1, Encoding.UTF8.GetBytes(text)),
            bool flag => writer.PresentVarint(2, flag ? 1u : 0u),
            long number => writer.PresentVarint(3, (ulong)number),
            double number => writer.Fixed64(4, BitConverter.DoubleToUInt64Bits(number)),
            byte[] bytes => writer.Present(7, bytes),
            OtlpAttribute[] map => writer.Message(6, Attributes(new ProtobufWriter(), 1, map)),
            object?[] list => writer.Message(5, list.Aggregate(new ProtobufWriter(), (values, item) => values.Message(1, Value(item)))),
            _ => throw new ArgumentException($"{value.GetType()} is not a type that OTLP knows."),
        };
    }

    static IEnumerable<List<OtlpSpan>> Runs(IEnumerable<OtlpSpan> spans, Func<OtlpSpan, object> key)
    {
        var run = new List<OtlpSpan>();
        foreach (var span in spans)
        {
            if (run.Count > 0 && !ReferenceEquals(key(run[0]), key(span)))
            {
                yield return run;
                run = [];
            }

            run.Add(span);
        }

        if (run.Count > 0)
            yield return run;
    }
}
