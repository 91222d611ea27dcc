using System.Buffers.Binary;
using System.Net;
using Clew.Model;
using Clew.Otlp.Protobuf;

namespace Clew.Otlp.Zipkin;

/// <summary>One pass over a <c>zipkin.proto3.ListOfSpans</c>; one method per message.</summary>
internal ref struct ZipkinProtobufDecoder(OtlpLimits limits, SpanBatch batch, int requestBytes, IMemoryRoom? room, UnixNanos arrived)
{
    const int Ipv4Bytes = 4, Ipv6Bytes = 16, AddressTextMax = 65;

    readonly int _nestingMax = limits.NestingMax;
    ZipkinBatch _target = new(limits, batch, requestBytes, room, arrived);
    DecodeFailure? _failure;
    int _spanIndex;

    public readonly ReadReport Report => _target.Builder.Report;

    public readonly bool IsOutOfRoom => _target.Builder.IsOutOfRoom;

    public readonly OtlpError Error => _failure?.ToError() ?? throw new InvalidOperationException("Decoding failed without a problem.");

    /// <summary>Gives back the room that was taken and not used.</summary>
    public void Settle() => _target.Builder.Settle();

    public bool ReadList(ProtoReader list)
    {
        var count = list.CountBefore(int.MaxValue, ListOfSpansField.Spans >> 3, _nestingMax);
        if (_target.Builder.TryPrepare((long)count * BatchBuilder.SpanRowBytes))
            batch.Reserve(count);
        for (_spanIndex = 0; list.Next();)
        {
            switch (list.Tag)
            {
                case ListOfSpansField.Spans:
                    if (!ReadSpan(list.Message()))
                        return Within(in list, ListOfSpansField.Names);
                    _spanIndex++;
                    break;
                default: list.Skip(_nestingMax); break;
            }
        }

        return list.IsSound || Within(in list, ListOfSpansField.Names);
    }

    bool ReadSpan(ProtoReader span)
    {
        if (_target.Begin(out var draft) is { } full)
            return FailAt(span.Start, full);
        ReadOnlySpan<byte> traceId = default, id = default, parentId = default;
        while (span.Next())
        {
            switch (span.Tag)
            {
                case ZipkinSpanField.TraceId: traceId = span.Bytes(); break;
                case ZipkinSpanField.ParentId: parentId = span.Bytes(); break;
                case ZipkinSpanField.Id: id = span.Bytes(); break;
                case ZipkinSpanField.Kind: draft.Row.Kind = ZipkinSpan.KindOf((uint)span.Varint()); break;
                case ZipkinSpanField.Name: draft.Row.Name = _target.Builder.Text(span.Bytes()); break;
                case ZipkinSpanField.Timestamp: draft.TimestampMicros = span.Fixed64(); break;
                case ZipkinSpanField.Duration: draft.DurationMicros = span.Varint(); break;
                case ZipkinSpanField.LocalEndpoint:
                    if (!ReadEndpoint(span.Message(), ref draft.Local))
                        return Within(in span, ZipkinSpanField.Names);
                    break;
                case ZipkinSpanField.RemoteEndpoint:
                    if (!ReadEndpoint(span.Message(), ref draft.Remote))
                        return Within(in span, ZipkinSpanField.Names);
                    break;
                case ZipkinSpanField.Annotations:
                    if (!ReadAnnotation(span.Message(), ref draft))
                        return Within(in span, ZipkinSpanField.Names);
                    break;
                case ZipkinSpanField.Tags:
                    if (!ReadTag(span.Message(), ref draft))
                        return Within(in span, ZipkinSpanField.Names);
                    break;
                case ZipkinSpanField.Debug: draft.IsDebug = span.Varint() != 0; break;
                case ZipkinSpanField.Shared: draft.IsShared = span.Varint() != 0; break;
                default: span.Skip(_nestingMax); break;
            }
        }

        if (!span.IsSound)
            return Within(in span, ZipkinSpanField.Names);
        var problem = Identify(ref draft, traceId, id, parentId);
        if (problem == IdentityProblem.None)
            return Allow(_target.End(ref draft), span.Start);
        ref var builder = ref _target.Builder;
        builder.Reject(problem, draft.NestedCount, draft.RepairedStringCount, builder.NeedsRejection ? DescribeRejection(in span, problem) : "");
        return true;
    }

    bool ReadEndpoint(ProtoReader endpoint, ref ZipkinEndpoint target)
    {
        while (endpoint.Next())
        {
            switch (endpoint.Tag)
            {
                case EndpointField.ServiceName: target.ServiceName = _target.Builder.Text(endpoint.Bytes()); break;
                case EndpointField.Ipv4: target.Ipv4 = Address(endpoint.Bytes(), Ipv4Bytes); break;
                case EndpointField.Ipv6: target.Ipv6 = Address(endpoint.Bytes(), Ipv6Bytes); break;
                case EndpointField.Port:
                    var port = (int)endpoint.Varint();
                    if (port is < 0 or > ushort.MaxValue)
                        return FailAt(endpoint.FieldStart, $"{port} is not a port; expected 0 to {ushort.MaxValue}") || Within(in endpoint, EndpointField.Names);
                    target.Port = port;
                    break;
                default: endpoint.Skip(_nestingMax); break;
            }
        }

        return endpoint.IsSound || Within(in endpoint, EndpointField.Names);
    }

    // An address of another length says nothing, as in Zipkin.
    int Address(ReadOnlySpan<byte> address, int bytesExpected)
    {
        if (address.Length != bytesExpected)
            return 0;
        Span<byte> text = stackalloc byte[AddressTextMax];
        return new IPAddress(address).TryFormat(text, out var written) ? _target.Builder.Text(text[..written]) : 0;
    }

    bool ReadAnnotation(ProtoReader annotation, ref ZipkinSpan draft)
    {
        var micros = 0UL;
        ReadOnlySpan<byte> value = default;
        while (annotation.Next())
        {
            switch (annotation.Tag)
            {
                case AnnotationField.Timestamp: micros = annotation.Fixed64(); break;
                case AnnotationField.Value: value = annotation.Bytes(); break;
                default: annotation.Skip(_nestingMax); break;
            }
        }

        if (!annotation.IsSound)
            return Within(in annotation, AnnotationField.Names);
        return Allow(_target.ReadAnnotation(value, out var name) ?? _target.AddAnnotation(ref draft, micros, name), annotation.Start);
    }

    bool ReadTag(ProtoReader tag, ref ZipkinSpan draft)
    {
        ReadOnlySpan<byte> key = default, value = default;
        while (tag.Next())
        {
            switch (tag.Tag)
            {
                case TagField.Key: key = tag.Bytes(); break;
                case TagField.Value: value = tag.Bytes(); break;
                default: tag.Skip(_nestingMax); break;
            }
        }

        if (!tag.IsSound)
            return Within(in tag, TagField.Names);
        return Allow(_target.AddTag(ref draft, ZipkinTagNames.Of(key), _target.Builder.Text(key), value), tag.Start);
    }

    static IdentityProblem Identify(ref ZipkinSpan draft, ReadOnlySpan<byte> traceId, ReadOnlySpan<byte> id, ReadOnlySpan<byte> parentId)
    {
        if (traceId.Length is not (SpanId.Bytes or TraceId.Bytes) || !traceId.ContainsAnyExcept((byte)0))
            return IdentityProblem.TraceId;
        if (id.Length != SpanId.Bytes || !id.ContainsAnyExcept((byte)0))
            return IdentityProblem.SpanId;
        if (parentId.Length is not (0 or SpanId.Bytes))
            return IdentityProblem.ParentSpanId;
        draft.Identify(
            traceId.Length == TraceId.Bytes ? TraceId.Read(traceId) : new TraceId(0, BinaryPrimitives.ReadUInt64BigEndian(traceId)),
            SpanId.Read(id), parentId.IsEmpty ? default : SpanId.Read(parentId));
        return IdentityProblem.None;
    }

    readonly string DescribeRejection(in ProtoReader span, IdentityProblem problem)
    {
        var (tag, name, expected) = problem switch
        {
            IdentityProblem.TraceId => (ZipkinSpanField.TraceId, "trace_id", "8 or 16 bytes that are not all zero"),
            IdentityProblem.SpanId => (ZipkinSpanField.Id, "id", "8 bytes that are not all zero"),
            _ => (ZipkinSpanField.ParentId, "parent_id", "8 bytes, or none for a root"),
        };
        var (offset, flaw) = IdentityFlaw.Find(span, tag, _nestingMax);
        return new OtlpError($"spans[{_spanIndex}].{name}", offset, $"{flaw}; expected {expected}").Message;
    }

    bool Within(in ProtoReader reader, string[] names) => DecodeFailure.Within(ref _failure, in reader, names, _nestingMax);

    bool Allow(string? problem, int offset) => problem is null || FailAt(offset, problem);

    bool FailAt(int offset, string problem)
    {
        _failure = new DecodeFailure(offset, problem);
        return false;
    }
}
