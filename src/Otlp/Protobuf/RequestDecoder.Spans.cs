using System.Runtime.CompilerServices;
using Clew.Model;

namespace Clew.Otlp.Protobuf;

internal ref partial struct RequestDecoder
{
    [SkipLocalsInit]
    bool ReadSpan(ProtoReader span)
    {
        if (!_builder.TryCharge(BatchBuilder.SpanRowBytes))
            return FailAt(span.Start, _builder.RowBytesProblem);
        ReadOnlySpan<byte> traceId = default, spanId = default, parentSpanId = default;
        var row = new SpanRow { Scope = _batch.Scopes.Count };
        var nestedCount = _batch.Nested.Count;
        var repairedStringCount = _builder.RepairedStringCount;
        while (span.Next())
        {
            switch (span.Tag)
            {
                case SpanField.TraceId: traceId = span.Bytes(); break;
                case SpanField.SpanId: spanId = span.Bytes(); break;
                case SpanField.TraceState: row.TraceState = _builder.Text(span.Bytes()); break;
                case SpanField.ParentSpanId: parentSpanId = span.Bytes(); break;
                case SpanField.Name: row.Name = _builder.Text(span.Bytes()); break;
                case SpanField.Kind: row.Kind = KindOf(span.Varint()); break;
                case SpanField.StartTimeUnixNano: row.Start = new UnixNanos(span.Fixed64()); break;
                case SpanField.EndTimeUnixNano: row.End = new UnixNanos(span.Fixed64()); break;
                case SpanField.Attributes:
                    if (!ReadAttribute(span.Message(), _batch.Spans.Attributes))
                        return Within(in span, SpanField.Names);
                    break;
                case SpanField.DroppedAttributesCount: row.DroppedAttributeCount = (uint)span.Varint(); break;
                case SpanField.Events:
                    if (!ReadEvent(span.Message()))
                        return Within(in span, SpanField.Names);
                    break;
                case SpanField.DroppedEventsCount: row.DroppedEventCount = (uint)span.Varint(); break;
                case SpanField.Links:
                    if (!ReadLink(span.Message()))
                        return Within(in span, SpanField.Names);
                    break;
                case SpanField.DroppedLinksCount: row.DroppedLinkCount = (uint)span.Varint(); break;
                case SpanField.Status:
                    if (!ReadStatus(span.Message(), ref row))
                        return Within(in span, SpanField.Names);
                    break;
                case SpanField.Flags: row.Flags = span.Fixed32(); break;
                default: span.Skip(_nestingMax); break;
            }
        }

        if (!span.IsSound)
            return Within(in span, SpanField.Names);
        var problem = Identify(ref row, traceId, spanId, parentSpanId);
        if (problem == IdentityProblem.None)
        {
            _batch.EndSpan(in row);
        }
        else
        {
            _builder.Reject(problem, nestedCount, repairedStringCount, _builder.NeedsRejection ? DescribeRejection(in span, problem) : "");
        }

        return true;
    }

    bool ReadStatus(ProtoReader status, ref SpanRow row)
    {
        while (status.Next())
        {
            switch (status.Tag)
            {
                case StatusField.Message: row.StatusMessage = _builder.Text(status.Bytes()); break;
                case StatusField.Code: row.Status = StatusOf(status.Varint()); break;
                default: status.Skip(_nestingMax); break;
            }
        }

        return status.IsSound || Within(in status, StatusField.Names);
    }

    [SkipLocalsInit]
    bool ReadEvent(ProtoReader occurrence)
    {
        if (!_builder.TryCharge(BatchBuilder.EventRowBytes))
            return FailAt(occurrence.Start, _builder.RowBytesProblem);
        UnixNanos time = default;
        var name = 0;
        var droppedAttributeCount = 0U;
        while (occurrence.Next())
        {
            switch (occurrence.Tag)
            {
                case EventField.TimeUnixNano: time = new UnixNanos(occurrence.Fixed64()); break;
                case EventField.Name: name = _builder.Text(occurrence.Bytes()); break;
                case EventField.Attributes:
                    if (!ReadAttribute(occurrence.Message(), _batch.Events.Attributes))
                        return Within(in occurrence, EventField.Names);
                    break;
                case EventField.DroppedAttributesCount: droppedAttributeCount = (uint)occurrence.Varint(); break;
                default: occurrence.Skip(_nestingMax); break;
            }
        }

        if (!occurrence.IsSound)
            return Within(in occurrence, EventField.Names);
        _batch.Events.Add(time, name, droppedAttributeCount);
        return true;
    }

    [SkipLocalsInit]
    bool ReadLink(ProtoReader link)
    {
        if (!_builder.TryCharge(BatchBuilder.LinkRowBytes))
            return FailAt(link.Start, _builder.RowBytesProblem);
        ReadOnlySpan<byte> traceId = default, spanId = default;
        var traceState = 0;
        uint flags = 0, droppedAttributeCount = 0;
        while (link.Next())
        {
            switch (link.Tag)
            {
                case LinkField.TraceId: traceId = link.Bytes(); break;
                case LinkField.SpanId: spanId = link.Bytes(); break;
                case LinkField.TraceState: traceState = _builder.Text(link.Bytes()); break;
                case LinkField.Attributes:
                    if (!ReadAttribute(link.Message(), _batch.Links.Attributes))
                        return Within(in link, LinkField.Names);
                    break;
                case LinkField.DroppedAttributesCount: droppedAttributeCount = (uint)link.Varint(); break;
                case LinkField.Flags: flags = link.Fixed32(); break;
                default: link.Skip(_nestingMax); break;
            }
        }

        if (!link.IsSound)
            return Within(in link, LinkField.Names);

        // What a link points to is the sender's claim about somebody else's span: one that cannot be right is kept as absent, with its attributes.
        _batch.Links.Add(
            traceId.Length == TraceId.Bytes ? TraceId.Read(traceId) : default,
            spanId.Length == SpanId.Bytes ? SpanId.Read(spanId) : default,
            traceState, flags, droppedAttributeCount);
        return true;
    }

    static IdentityProblem Identify(ref SpanRow row, ReadOnlySpan<byte> traceId, ReadOnlySpan<byte> spanId, ReadOnlySpan<byte> parentSpanId)
    {
        if (traceId.Length != TraceId.Bytes || (row.TraceId = TraceId.Read(traceId)).IsAbsent)
            return IdentityProblem.TraceId;
        if (spanId.Length != SpanId.Bytes || (row.SpanId = SpanId.Read(spanId)).IsAbsent)
            return IdentityProblem.SpanId;
        if (parentSpanId.Length == SpanId.Bytes)
            row.ParentSpanId = SpanId.Read(parentSpanId);
        else if (!parentSpanId.IsEmpty)
            return IdentityProblem.ParentSpanId;
        return IdentityProblem.None;
    }

    // An enum is an int32 on the wire, sign-extended; a number from a newer definition means the zero of ours.
    static SpanKind KindOf(ulong wire) => (uint)wire <= (uint)SpanKind.Consumer ? (SpanKind)wire : SpanKind.Unspecified;

    static StatusCode StatusOf(ulong wire) => (uint)wire <= (uint)StatusCode.Error ? (StatusCode)wire : StatusCode.Unset;

    readonly string DescribeRejection(in ProtoReader span, IdentityProblem problem)
    {
        var (tag, name, bytesExpected) = problem switch
        {
            IdentityProblem.TraceId => (SpanField.TraceId, "trace_id", "16 bytes that are not all zero"),
            IdentityProblem.SpanId => (SpanField.SpanId, "span_id", "8 bytes that are not all zero"),
            _ => (SpanField.ParentSpanId, "parent_span_id", "8 bytes, or none for a root"),
        };
        var (offset, flaw) = IdentityFlaw.Find(span, tag, _nestingMax);
        var path = $"resource_spans[{_resourceIndex}].scope_spans[{_scopeIndex}].spans[{_spanIndex}].{name}";
        return new OtlpError(path, offset, $"{flaw}; expected {bytesExpected}").Message;
    }
}
