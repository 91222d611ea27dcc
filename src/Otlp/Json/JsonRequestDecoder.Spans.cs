using System.Text.Json;
using Clew.Model;

namespace Clew.Otlp.Json;

internal ref partial struct JsonRequestDecoder
{
    void ReadSpan()
    {
        Charge(BatchBuilder.SpanRowBytes);
        IdentityText traceId = default, spanId = default, parentSpanId = default;
        var row = new SpanRow { Scope = _batch.Scopes.Count };
        var nestedCount = _batch.Nested.Count;
        var repairedStringCount = _builder.RepairedStringCount;
        var start = _json.Start;
        _json.BeginObject(SpanKeys.Names);
        while (_json.NextField(out var field))
        {
            switch (field)
            {
                case SpanKeys.TraceId: traceId = _json.Identity(); break;
                case SpanKeys.SpanId: spanId = _json.Identity(); break;
                case SpanKeys.TraceState: row.TraceState = Text(); break;
                case SpanKeys.ParentSpanId: parentSpanId = _json.Identity(); break;
                case SpanKeys.Name: row.Name = Text(); break;
                case SpanKeys.Kind: row.Kind = KindOf(_json.Enum(SpanKeys.KindNames)); break;
                case SpanKeys.StartTimeUnixNano: row.Start = new UnixNanos(_json.UInt64()); break;
                case SpanKeys.EndTimeUnixNano: row.End = new UnixNanos(_json.UInt64()); break;
                case SpanKeys.Attributes: ReadAttributes(_batch.Spans.Attributes); break;
                case SpanKeys.DroppedAttributesCount: row.DroppedAttributeCount = _json.UInt32(); break;
                case SpanKeys.Events:
                    _json.BeginArray();
                    while (_json.NextElement())
                        ReadEvent();
                    break;
                case SpanKeys.DroppedEventsCount: row.DroppedEventCount = _json.UInt32(); break;
                case SpanKeys.Links:
                    _json.BeginArray();
                    while (_json.NextElement())
                        ReadLink();
                    break;
                case SpanKeys.DroppedLinksCount: row.DroppedLinkCount = _json.UInt32(); break;
                case SpanKeys.Status: ReadStatus(ref row); break;
                case SpanKeys.Flags: row.Flags = _json.UInt32(); break;
            }
        }

        if (!traceId.IsTraceId)
        {
            Reject(IdentityProblem.TraceId, in traceId, start, nestedCount, repairedStringCount);
        }
        else if (!spanId.IsSpanId)
        {
            Reject(IdentityProblem.SpanId, in spanId, start, nestedCount, repairedStringCount);
        }
        else if (parentSpanId.DigitCount != 0 && !parentSpanId.IsParentSpanId)
        {
            Reject(IdentityProblem.ParentSpanId, in parentSpanId, start, nestedCount, repairedStringCount);
        }
        else
        {
            row.TraceId = traceId.TraceId;
            row.SpanId = spanId.SpanId;
            row.ParentSpanId = parentSpanId.SpanId;
            _batch.EndSpan(in row);
        }
    }

    void ReadStatus(ref SpanRow row)
    {
        _json.BeginObject(StatusKeys.Names);
        while (_json.NextField(out var field))
        {
            switch (field)
            {
                case StatusKeys.Message: row.StatusMessage = Text(); break;
                case StatusKeys.Code: row.Status = StatusOf(_json.Enum(StatusKeys.CodeNames)); break;
            }
        }
    }

    void ReadEvent()
    {
        Charge(BatchBuilder.EventRowBytes);
        UnixNanos time = default;
        var name = 0;
        var droppedAttributeCount = 0U;
        _json.BeginObject(EventKeys.Names);
        while (_json.NextField(out var field))
        {
            switch (field)
            {
                case EventKeys.TimeUnixNano: time = new UnixNanos(_json.UInt64()); break;
                case EventKeys.Name: name = Text(); break;
                case EventKeys.Attributes: ReadAttributes(_batch.Events.Attributes); break;
                case EventKeys.DroppedAttributesCount: droppedAttributeCount = _json.UInt32(); break;
            }
        }

        _batch.Events.Add(time, name, droppedAttributeCount);
    }

    void ReadLink()
    {
        Charge(BatchBuilder.LinkRowBytes);
        IdentityText traceId = default, spanId = default;
        var traceState = 0;
        uint flags = 0, droppedAttributeCount = 0;
        _json.BeginObject(LinkKeys.Names);
        while (_json.NextField(out var field))
        {
            switch (field)
            {
                case LinkKeys.TraceId: traceId = _json.Identity(); break;
                case LinkKeys.SpanId: spanId = _json.Identity(); break;
                case LinkKeys.TraceState: traceState = Text(); break;
                case LinkKeys.Attributes: ReadAttributes(_batch.Links.Attributes); break;
                case LinkKeys.DroppedAttributesCount: droppedAttributeCount = _json.UInt32(); break;
                case LinkKeys.Flags: flags = _json.UInt32(); break;
            }
        }

        // As in protobuf: a link's identities are claims about somebody else's span, and impossible ones count as absent.
        _batch.Links.Add(
            traceId.IsTraceId ? traceId.TraceId : default, spanId.IsSpanId ? spanId.SpanId : default, traceState, flags, droppedAttributeCount);
    }

    void Reject(IdentityProblem problem, in IdentityText id, long spanStart, int nestedCount, int repairedStringCount)
    {
        var rejection = "";
        if (_builder.NeedsRejection)
        {
            var (name, expected) = problem switch
            {
                IdentityProblem.TraceId => ("traceId", "32 hexadecimal digits that are not all zero"),
                IdentityProblem.SpanId => ("spanId", "16 hexadecimal digits that are not all zero"),
                _ => ("parentSpanId", "16 hexadecimal digits, or none for a root"),
            };
            rejection = new OtlpError($"{_json.Path}.{name}", id.DigitCount == 0 ? spanStart : id.Offset, $"{id.Flaw}; expected {expected}").Message;
        }

        _builder.Reject(problem, nestedCount, repairedStringCount, rejection);
    }

    static SpanKind KindOf(long number) => number is >= 0 and <= (long)SpanKind.Consumer ? (SpanKind)number : SpanKind.Unspecified;

    static StatusCode StatusOf(long number) => number is >= 0 and <= (long)StatusCode.Error ? (StatusCode)number : StatusCode.Unset;
}
